/* Where the reader left off, here or on another phone: what the server keeps, then what still waits on this phone. */
import { call } from "./line.js";
import { course, lesson } from "./page.js";
import { fillIn } from "./practice.js";
import { begun, queued, signedOut } from "./queue.js";

export function restore(resume) {
  const query = "?course=" + encodeURIComponent(course) + "&lesson=" + encodeURIComponent(lesson);
  call("state" + query, {}).then(function (reply) {
    if (reply.status === 401) signedOut();
    const steps = (reply.said.steps || []).slice();
    const answers = Object.assign({}, reply.said.answers);
    if (steps.length || Object.keys(answers).length) begun();
    queued().forEach(function (each) {
      if (each.path === "concerns" || each.body.course !== course || each.body.lesson !== lesson) return;
      if (each.body.step) steps.push(each.body.step);
      if (each.body.question) answers[each.body.question] = each.body.value;
    });
    fillIn(answers);
    resume(steps);
  });
}
