/* An opened page stays on the phone, to be read without a line: a service worker (assets/offline.js) keeps it.
 *
 * That needs https or the machine itself; elsewhere, and in browsers without it, everything goes on as before.
 */
import { body } from "./page.js";

const worker = body.getAttribute("data-keeper");
const scope = body.getAttribute("data-keeper-scope"); // how far it reaches, where that is less than where it lies
const home = navigator.serviceWorker;
const kept = home && home.controller; // then it has seen this page come

function register() {
  home.register(worker, scope ? { scope: scope } : {}).then(function () { return home.ready; }).then(function (ready) {
    if (!kept) ready.active.postMessage({ keep: location.href.split("#")[0] });
  }).catch(function () { /* not here: the page needs its line to be opened */ });
}

export function start() {
  if (!worker || !home) return;
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}
