/* Takes the kept pages off the phone: whoever is signed out, or reads after somebody else, finds none of theirs. */
import { DAILY, KEPT } from "./names.js";

let gone = false;

/* Says whether this page has taken everything away: then it keeps nothing more. */
export function isGone() {
  return gone;
}

function isKept(name) {
  return name.indexOf(KEPT) === 0 || name.indexOf(DAILY) === 0;
}

export function forget() {
  gone = true;
  if (!window.caches) return Promise.resolve();
  return window.caches.keys().then(function (names) {
    return Promise.all(names.filter(isKept).map(function (name) { return window.caches.delete(name); }));
  }).catch(function () { /* a browser that lends us no room has kept nothing */ });
}
