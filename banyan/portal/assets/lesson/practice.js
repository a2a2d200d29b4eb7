/* Practice questions: shown with the page, answered from its table at once, kept by the service when there is a line. */
import { all, byId } from "./page.js";
import { enqueue, whenAnswered } from "./queue.js";

function questions() {
  return all(document, ".practice");
}

export function practise(question, value) {
  return enqueue("practice", { question: question, value: value });
}

export function fillIn(answers) {
  questions().forEach(function (el) {
    const given = answers[el.getAttribute("data-practice")];
    if (given !== undefined && window.BanyanQuestions.value(el) === null) window.BanyanQuestions.fill(el, given);
  });
}

/* An answer that waited for the line teaches when it comes, if it still stands at its question. */
function teach(item, said) {
  if (item.path !== "practice") return;
  questions().forEach(function (el) {
    if (el.getAttribute("data-practice") === item.body.question) window.BanyanQuestions.teach(el, item.body.value, said);
  });
}

export function start() {
  whenAnswered(teach);
  const table = JSON.parse(byId("practice-table").textContent);
  questions().forEach(function (el) {
    const question = el.getAttribute("data-practice");
    window.BanyanQuestions.practise(el, table[question] || null, function (value) { return practise(question, value); });
  });
}
