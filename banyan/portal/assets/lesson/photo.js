/* A photo in a lesson: shown, to be compared with what it should show, and sent to nobody. */
import { Frame } from "../photo/frame.js";
import { all } from "./page.js";

const HERE = "here";

function keep(question, value) {
  question.setAttribute("data-kept", JSON.stringify(value));
  window.BanyanQuestions.tell(question);
}

export function start() {
  all(document, ".practice [data-photo]").forEach(function (part) {
    const question = part.closest("[data-question]");
    const frame = new Frame(part, function () { keep(question, HERE); frame.say("stays"); }, function () { keep(question, null); });
    question.addEventListener("banyan:filled", function () { question.removeAttribute("data-kept"); }); // the photo itself is gone
  });
}
