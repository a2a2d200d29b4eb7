/* Practice questions: shown with the page, answered from its table at once, kept by the service when there is a line. */
import { all, byId } from "./page.js";
import { enqueue } from "./queue.js";

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

export function start() {
  const table = JSON.parse(byId("practice-table").textContent);
  questions().forEach(function (el) {
    const question = el.getAttribute("data-practice");
    window.BanyanQuestions.practise(el, table[question] || null, function (value) { return practise(question, value); });
  });
}
