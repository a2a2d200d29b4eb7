/* The interactive part: given back when the page closes, and said in words when it has gone to sleep meanwhile. */
import { call } from "./line.js";
import { notify } from "./notice.js";
import { all, byId } from "./page.js";

const GONE = 404;

/* The page learns its kernel while it is still arriving, after this script. */
function path() {
  const config = byId("jupyter-config-data");
  return config ? "kernels/" + JSON.parse(config.textContent).kernelId : "";
}

function isDrawn(output) {
  const unfinished = output.querySelector("script") || !output.firstElementChild;
  return !unfinished && output.textContent.indexOf("Loading widget") !== 0;
}

function settle(slot) {
  if (slot.classList.contains("arriving") && all(slot, ".output").every(isDrawn)) slot.className = "slot here";
}

function seeWhetherAwake() {
  if (document.hidden || !path()) return;
  call(path(), {}).then(function (reply) {
    if (reply.status === GONE) notify("asleep", "wake", 0);
  });
}

function giveBack() {
  if (path()) call(path(), { method: "DELETE", keepalive: true });
}

export function start() {
  all(document, ".slot").forEach(function (slot) {
    new MutationObserver(function () { settle(slot); }).observe(slot, { childList: true, subtree: true, characterData: true });
  });
  window.addEventListener("pagehide", giveBack);
  window.addEventListener("pageshow", function (event) { if (event.persisted) seeWhetherAwake(); });
  document.addEventListener("visibilitychange", seeWhetherAwake);
  window.addEventListener("online", seeWhetherAwake);
}
