/* A marked word, tapped, is explained below the lines it stands in; tapped again, or by Esc, the explanation goes.
 *
 * The words stand at the foot of the page too: without this script the link leads there, and so they are printed.
 */
import { all, byId } from "./page.js";

let open = null; // {link, note}

export function close(back) {
  if (!open) return;
  const link = open.link;
  open.note.parentNode.removeChild(open.note);
  link.setAttribute("aria-expanded", "false");
  link.removeAttribute("aria-controls");
  open = null;
  if (back) link.focus({ preventScroll: true });
}

function noteOf(link) {
  const note = document.createElement("div");
  const done = document.createElement("button");
  note.className = "term-said";
  note.id = "said-" + link.hash.slice(1);
  note.setAttribute("role", "note");
  note.tabIndex = -1;
  note.innerHTML = byId(link.hash.slice(1)).innerHTML; // the page's own
  done.type = "button";
  done.className = "button plain small";
  done.textContent = byId("terms").getAttribute("data-close");
  done.addEventListener("click", function () { close(true); });
  note.appendChild(done);
  return note;
}

/* Below the paragraph or table, so that no line moves but the ones that follow; in a list within its entry. */
function put(note, link) {
  const table = link.closest("table");
  const lines = table || link.closest("p");
  if (lines) lines.insertAdjacentElement("afterend", note);
  else (link.closest("li") || link.parentNode).appendChild(note);
}

function explain(link) {
  const same = open && open.link === link;
  close(same);
  if (same) return;
  const note = noteOf(link);
  put(note, link);
  open = { link: link, note: note };
  link.setAttribute("aria-expanded", "true");
  link.setAttribute("aria-controls", note.id);
  note.focus({ preventScroll: true });
  note.scrollIntoView({ block: "nearest" });
}

export function start() {
  if (!byId("terms")) return;
  all(document, "a.term").forEach(function (link) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", function (event) {
      event.preventDefault();
      explain(link);
    });
    link.addEventListener("keydown", function (event) {
      if (event.key !== " ") return;
      event.preventDefault();
      explain(link);
    });
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") close(true); });
  document.addEventListener("banyan:step", function () { close(false); });
}
