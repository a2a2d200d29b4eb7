// Says every minute that the page is still open, tells its marker when the answer is no longer theirs, and gives it back on leaving.
const EVERY = 60000; // ms; the server lets ten minutes pass

export function start(form) {
  const notice = document.querySelector("[data-notice]");
  const field = (name) => form.elements[name].value;
  let sent = false;

  function words() {
    const body = new URLSearchParams();
    body.append("csrf", field("csrf"));
    body.append("seen", field("seen"));
    return body;
  }

  function tell(said) {
    if (notice.textContent !== said) notice.textContent = said;
    notice.hidden = !said;
  }

  function hold() {
    fetch(form.getAttribute("data-hold"), { method: "POST", body: words(), credentials: "same-origin", redirect: "manual" })
      .then((reply) => (reply.ok ? reply.json() : null))
      .then((said) => { if (said) tell(said.words); })
      .catch(() => {}); // no line: the lease lasts a while, and saving says what is the matter
  }

  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("pagehide", () => {
    if (!sent && navigator.sendBeacon) navigator.sendBeacon(form.getAttribute("data-leave"), words());
  });
  window.addEventListener("pageshow", (event) => { sent = false; if (event.persisted) hold(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hold(); });
  setInterval(hold, EVERY);
}
