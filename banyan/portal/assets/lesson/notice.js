/* What the reader is told about their own work and about the line, in words. */
import { byId } from "./page.js";

/* `state`: sending, kept, waiting, signed-out, failed, or "" for nothing. */
export function tellState(state) {
  const line = byId("kept");
  const said = state ? line.getAttribute("data-" + state) : "";
  line.className = "kept " + state;
  if (line.textContent !== said) line.textContent = said;
}

/* `about` and `button` name words of the notice (data-…); {n} in them is filled in. The button loads the page again. */
export function notify(about, button, n) {
  const notice = byId("notice");
  notice.textContent = notice.getAttribute("data-" + about).replace("{n}", String(n));
  notice.setAttribute("data-about", about);
  notice.hidden = false;
  if (!button) return;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button plain small";
  again.textContent = notice.getAttribute("data-" + button);
  again.addEventListener("click", function () { location.reload(); });
  notice.appendChild(again);
}

export function fallSilent(about) {
  const notice = byId("notice");
  if (notice.getAttribute("data-about") === about) notice.hidden = true;
}
