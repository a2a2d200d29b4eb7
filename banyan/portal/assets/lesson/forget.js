/* Takes the kept lessons off the phone: whoever is signed out, or reads after somebody else, finds none of theirs. */
import { KEPT } from "./names.js";

let gone = false;

/* Says whether this page has taken everything away: then it keeps nothing more. */
export function isGone() {
  return gone;
}

export function forget() {
  gone = true;
  if (!window.caches) return Promise.resolve();
  return window.caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf(KEPT) === 0; }).map(function (name) {
      return window.caches.delete(name);
    }));
  }).catch(function () { /* a browser that lends us no room has kept nothing */ });
}
