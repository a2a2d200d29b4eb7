// A bar of work that others do: asks now and then how far they are, says it, and loads the page again when all is done.
const EVERY = 2000, SLOWER = 1.3, LAST = 10000; // ms, times, ms

export function start() {
  const section = document.querySelector("[data-pace]");
  if (section) ask(section, EVERY);
}

function ask(section, pause) {
  const again = () => ask(section, Math.min(pause * SLOWER, LAST));
  setTimeout(() => fetch(section.getAttribute("data-pace"), { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((reply) => (reply.ok ? reply.json() : null))
    .then((said) => {
      if (!said) return again();
      if (!said.words) return location.reload();
      const bar = section.querySelector("progress");
      bar.max = said.total;
      bar.value = said.done;
      section.querySelector("[data-pace-words]").textContent = said.words;
      again();
    }, again), pause);
}
