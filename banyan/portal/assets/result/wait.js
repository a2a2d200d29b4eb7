// A page that waits for a result asks whether it is there: soon at first, then ever less often; then it loads itself again.
const FIRST = 200, SLOWER = 1.5, LAST = 8000; // ms, times, ms

export function start() {
  const page = document.querySelector("[data-waits]");
  if (page) ask(page.getAttribute("data-waits"), FIRST);
}

function ask(state, pause) {
  const again = () => ask(state, Math.min(pause * SLOWER, LAST));
  setTimeout(() => fetch(location.href, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((reply) => (reply.ok ? reply.json() : { state }))
    .then((said) => (said.state === state ? again() : location.reload()), again), pause);
}
