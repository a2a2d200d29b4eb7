/* Where the reader left off, here or on another phone: what the server keeps, then what still waits on this phone. */
import { forget } from "./forget.js";
import { remember, remembered } from "./left.js";
import { call, NO_LINE } from "./line.js";
import { course, lesson } from "./page.js";
import { fillIn } from "./practice.js";
import { begun, queued, signedOut, tell } from "./queue.js";

const GONE = 403; // who no longer belongs here

function known() {
  const query = "?course=" + encodeURIComponent(course) + "&lesson=" + encodeURIComponent(lesson);
  return call("state" + query, {}).then(function (reply) {
    if (reply.status === 401) signedOut();
    if (reply.status === GONE) forget();
    return reply.status === NO_LINE ? remembered() : reply.said;
  });
}

export function restore(resume) {
  Promise.all([known(), queued()]).then(function (both) {
    const steps = (both[0].steps || []).slice();
    const answers = Object.assign({}, both[0].answers);
    if (steps.length || Object.keys(answers).length) begun();
    both[1].forEach(function (each) {
      if (each.path === "concerns" || each.body.course !== course || each.body.lesson !== lesson) return;
      if (each.body.step) steps.push(each.body.step);
      if (each.body.question) answers[each.body.question] = each.body.value;
    });
    if (both[0].steps) remember(steps, answers);
    fillIn(answers);
    resume(steps);
    tell();
  });
}
