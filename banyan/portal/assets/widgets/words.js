/* The state of the interactive part, said in the page's one line of notice (#notice), and only when there is something to say.
 *
 * Its words are the page's (data-…): preparing, place, cut, connected, changed, unavailable, failed, signed-out; buttons reload, sign-in.
 * What passes quickly is not said at all.
 */
import { fallSilent, notify } from "../lesson/notice.js";
import { byId } from "../lesson/page.js";

const BUTTONS = { changed: "reload", "signed-out": "sign-in" };
const SOON = { preparing: 600, cut: 1200 }; // ms before it is worth a word
const GLANCE = 2500;
const OURS = ["preparing", "place", "cut", "connected", "changed", "unavailable", "failed"];

let timer = 0;
let told = "";
let coming = ""; // what will be said unless it passes

/* `n` is a number or, for what the server says in its own words, that sentence. */
export function tell(about, n) {
  if (about === coming) return;
  wait();
  if (about === told && n === undefined) return;
  if (SOON[about] && !told) wait(about, function () { show(about, n); });
  else show(about, n);
}

/* Say something soon, or nothing of what was to be said. */
function wait(about, say) {
  clearTimeout(timer);
  coming = about || "";
  if (say) timer = setTimeout(say, SOON[about]);
}

function show(about, n) {
  wait();
  const notice = byId("notice");
  if (!notice || !notice.hasAttribute("data-" + about)) return;
  told = about;
  const button = BUTTONS[about] && notice.hasAttribute("data-" + BUTTONS[about]) ? BUTTONS[about] : "";
  notify(about, button, n);
}

/* All is well: said only to who was told otherwise. */
export function tellWell() {
  wait();
  if (told === "cut") {
    show("connected");
    timer = setTimeout(hush, GLANCE);
  } else hush();
}

/* It has been put right: `about` need not be said any longer. */
export function settle(about) {
  if (told === about) hush();
}

export function hush() {
  wait();
  told = "";
  OURS.forEach(fallSilent);
}
