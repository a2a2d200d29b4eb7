// Talking to the server. A refusal says why: {status, message}; no line is status 0.
const PATIENCE = 12000; // ms

export class Post {
  constructor(url, csrf, clock) {
    this.url = url;
    this.csrf = csrf;
    this.clock = clock;
  }

  put(path, body) {
    return this.send("PUT", path, body);
  }

  post(path, body) {
    return this.send("POST", path, body);
  }

  send(method, path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": this.csrf };
    const asked = { method, headers, body: JSON.stringify(body), credentials: "same-origin", signal: stop.signal, redirect: "error" };
    return fetch(this.url + path, asked)
      .then((reply) => read(reply).then((said) => {
        if (said.now) this.clock.hear(said.now, said.deadline);
        if (reply.ok) return said;
        throw { status: reply.status, message: said.message || "" };
      }), () => { throw { status: 0, message: "" }; })
      .finally(() => clearTimeout(timer));
  }
}

function read(reply) {
  return reply.json().catch(() => ({}));
}
