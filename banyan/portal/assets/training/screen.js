// The trainer's screen: the code is another one every half minute, the page asks for it often enough. Without a line the last
// one stays and the page says so; it goes on by itself when the line is back.
const EVERY = 5000; // ms

export function start() {
  const code = document.querySelector("[data-code]");
  if (code) ask(code, document.querySelector("[data-here]"), document.querySelector("[data-no-line]"));
}

function ask(code, here, sorry) {
  setTimeout(() => fetch(code.getAttribute("data-code"), { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(reply.status))))
    .then((said) => {
      code.src = said.picture;
      here.textContent = said.here;
      sorry.hidden = true;
    }, () => { sorry.hidden = false; })
    .then(() => ask(code, here, sorry)), EVERY);
}
