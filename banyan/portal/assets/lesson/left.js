/* Where the reader is and what was answered, kept beside the kept page: a lesson opened without a line goes on there.
 *
 * It goes with the page when that is taken off the phone; the server's word, where there is a line, comes before it.
 */
import { isGone } from "./forget.js";
import { FORM } from "./names.js";
import { api, course, lesson, reader } from "./page.js";
import { whenQueued } from "./queue.js";

const address = api + "state?course=" + encodeURIComponent(course) + "&lesson=" + encodeURIComponent(lesson);
let state = { steps: [], answers: {} };

function write() {
  if (!window.caches || isGone()) return;
  const said = new Response(JSON.stringify(state), { headers: { "Content-Type": "application/json" } });
  window.caches.open(FORM + reader).then(function (cache) { return cache.put(address, said); }).catch(function () { /* no room */ });
}

export function remember(steps, answers) {
  state = { steps: steps, answers: answers };
  write();
}

export function remembered() {
  if (!window.caches) return Promise.resolve(state);
  return window.caches.open(FORM + reader).then(function (cache) { return cache.match(address); }).then(function (kept) {
    return kept ? kept.json() : state;
  }).catch(function () { return state; });
}

function note(item) {
  if (item.path === "concerns") return;
  const what = item.body;
  if (what.step && state.steps.indexOf(what.step) < 0) state.steps.push(what.step);
  if (what.question) state.answers[what.question] = what.value;
  write();
}

export function start() {
  whenQueued(note);
}
