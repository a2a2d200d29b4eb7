/* What the reader is told about their own work and about the line, in words. */
import { byId } from "./page.js";

/* `state`: sending, kept, waiting, signed-out, failed, or "" for nothing. */
export function tellState(state) {
  const line = byId("kept");
  const said = state ? line.getAttribute("data-" + state) : "";
  line.className = "kept " + state;
  if (line.textContent !== said) line.textContent = said;
}

/* These stand at the head of the page; all others stay in sight, wherever on it the reader is. */
const AT_THE_HEAD = ["later", "away"];

/* `about` and `button` name words of the notice (data-…); {n} in them is filled in, and where `n` is a sentence it is said
 * instead. The button loads the page again. */
export function notify(about, button, n) {
  const notice = byId("notice");
  const said = typeof n === "string" ? n : notice.getAttribute("data-" + about).replace("{n}", String(n));
  if (!notice.hidden && notice.getAttribute("data-about") === about && notice.firstChild.data === said) return;
  withoutMoving(about, function () {
    notice.textContent = said;
    notice.setAttribute("data-about", about);
    notice.hidden = false;
    if (button) notice.appendChild(loadAgain(notice.getAttribute("data-" + button)));
  });
}

export function fallSilent(about) {
  const notice = byId("notice");
  if (notice.hidden || notice.getAttribute("data-about") !== about) return;
  withoutMoving(about, function () { notice.hidden = true; });
}

function loadAgain(words) {
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button plain small";
  again.textContent = words;
  again.addEventListener("click", function () { location.reload(); });
  return again;
}

/* The notice stands above what is read: that must not slip from under a thumb when the notice comes or goes. */
function withoutMoving(about, change) {
  const held = AT_THE_HEAD.indexOf(about) < 0 || window.pageYOffset > 0;
  const mark = held && (document.querySelector(".step.now") || document.querySelector(".prose")); // the others are not shown
  const before = mark && mark.getBoundingClientRect().top;
  change();
  if (mark) window.scrollBy({ top: mark.getBoundingClientRect().top - before, behavior: "instant" });
}
