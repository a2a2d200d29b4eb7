/* One step at a time, by button, by arrow key and by address. A step is done when its reader goes on from it. */
import { all, body, byId } from "./page.js";
import { enqueue } from "./queue.js";

const END = "#finish";
const steps = all(document, ".step");
let current = 0;
let done = [];

function nameOf(place) {
  return steps[place].getAttribute("data-step");
}

function show(place, moved) {
  current = place;
  const over = place >= steps.length;
  steps.forEach(function (step, number) { step.classList.toggle("now", number === place); });
  byId("finish").hidden = !over;
  body.classList.toggle("first-step", place === 0);
  tellButtons(over);
  tellProgress(over);
  document.dispatchEvent(new Event("banyan:step"));
  if (!moved) return;
  window.scrollTo({ top: 0, behavior: "instant" }); // another page of the lesson, not a way through this one
  (over ? byId("finish") : steps[place].querySelector("h2")).focus({ preventScroll: true });
  window.dispatchEvent(new Event("resize")); // what was hidden measures itself again
}

function tellButtons(over) {
  const next = byId("next");
  byId("previous").disabled = current === 0;
  next.hidden = over;
  next.textContent = next.getAttribute(current === steps.length - 1 ? "data-last" : "data-next");
}

function tellProgress(over) {
  const bar = byId("progress");
  bar.setAttribute("aria-valuenow", String(Math.min(current + 1, steps.length)));
  bar.firstElementChild.style.width = (over ? 1 : (current + 1) / steps.length) * 100 + "%";
}

function go(place) {
  history.pushState(null, "", place < steps.length ? "#" + nameOf(place) : END);
  show(place, true);
}

function goOn() {
  const name = nameOf(current);
  if (done.indexOf(name) < 0) {
    done.push(name);
    enqueue("steps", { step: name }).catch(function () { /* told by the state line */ });
  }
  go(current + 1);
}

/* A paragraph of a step is named by the step and a fact it cites (banyan/lessons/anchors.py): it is marked and brought into
 * sight. Whatever the page does not know by that name, an older release perhaps, is the step's beginning. */
function arriveAt(name) {
  all(document, ".arrived").forEach(function (el) { el.classList.remove("arrived"); });
  const found = name.indexOf(".") > 0 && byId(name);
  if (!found) return;
  const paragraph = found.classList.contains("spot") ? found.parentElement : found;
  paragraph.classList.add("arrived");
  paragraph.tabIndex = -1;
  paragraph.focus({ preventScroll: true });
  paragraph.scrollIntoView({ block: "center", behavior: "instant" });
}

/* Returns whether the address names a place; a source in the foot is opened, not gone to. */
function followAddress(moved) {
  const name = decodeURIComponent(location.hash.slice(1));
  const place = steps.map(function (step) { return step.id; }).indexOf(name.split(".")[0]);
  if (place >= 0 || location.hash === END) {
    show(place >= 0 ? place : steps.length, moved);
    arriveAt(name);
    return true;
  }
  const target = name && byId(name);
  const fold = target && target.closest("details");
  if (fold) {
    fold.open = true;
    target.scrollIntoView();
  }
  return false;
}

function onKey(event) {
  const taken = event.target.closest("input, textarea, select, audio, .slot, [role=slider], summary");
  if (taken || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "ArrowRight" && current < steps.length) goOn();
  if (event.key === "ArrowLeft" && current > 0) go(current - 1);
}

/* Opens the step to go on with, unless the address or the reader has chosen one: the first not done yet after the one
 * that was done last (`known` is in that order), else the first left out before it. */
export function resume(known) {
  done = done.concat(known);
  if (location.hash || current) return;
  const names = steps.map(function (step) { return step.getAttribute("data-step"); });
  const last = names.indexOf(done.filter(function (name) { return names.indexOf(name) >= 0; }).pop());
  const open = names.filter(function (name) { return done.indexOf(name) < 0; });
  const next = open.filter(function (name) { return names.indexOf(name) > last; })[0] || open[0];
  if (last >= 0 && next) show(names.indexOf(next), false);
}

export function start() {
  if (!steps.length) return;
  body.classList.add("stepping");
  document.querySelector(".step-nav").hidden = false;
  byId("next").addEventListener("click", goOn);
  byId("previous").addEventListener("click", function () { go(current - 1); });
  window.addEventListener("hashchange", function () { followAddress(true); });
  window.addEventListener("popstate", function () { if (!location.hash) show(0, true); });
  document.addEventListener("keydown", onKey);
  if (!followAddress(false)) show(0, false);
}
