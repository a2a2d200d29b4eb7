// A page that waits for a result says how many come first, and asks again when most of them may be through: by a guess at
// first, then by how quickly the others went; ever less often while nothing moves. When the result is there it loads itself again.
const EACH = 60, MOST = 0.6, FIRST = 200, SLOWER = 1.5, LAST = 8000; // ms a submission, of those ahead, ms, times, ms

export function start() {
  const page = document.querySelector("[data-waits]");
  if (page) wait(page, FIRST, FIRST, null);
}

function wait(page, pause, least, before) {
  const state = page.getAttribute("data-waits");
  const again = (said) => {
    const now = { ahead: said.ahead || 0, at: Date.now() };
    tell(page.querySelector("[data-ahead]"), now.ahead);
    const moves = before && before.ahead > now.ahead;
    wait(page, next(before, now, least), moves ? FIRST : Math.min(least * SLOWER, LAST), now);
  };
  setTimeout(() => fetch(page.getAttribute("data-asks"), { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((reply) => (reply.ok ? reply.json() : { state }))
    .then((said) => (said.state === state ? again(said) : location.reload()), again), pause);
}

function next(before, now, least) {
  const gone = before ? before.ahead - now.ahead : 0;
  const each = gone > 0 ? (now.at - before.at) / gone : EACH;
  return Math.min(Math.max(now.ahead * each * MOST, least), LAST);
}

function tell(words, ahead) {
  if (!words) return;
  words.hidden = !ahead;
  words.textContent = words.getAttribute("data-ahead").replace("{n}", ahead);
}
