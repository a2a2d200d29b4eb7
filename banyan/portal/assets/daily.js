/* 每日三题: one question at a time, taught at once from its table; what is answered stays on the phone until the portal has it.
 *
 * The first answer of a day is what counts. A second try is sent only once the first has arrived, so that it never takes
 * its place in the queue.
 */
import { day, done, remember } from "./daily/done.js";
import { answered, bringIntoView, mark, onward, sheets, start as startSheets, unmark } from "./daily/sheets.js";
import { start as startKeeping } from "./lesson/keep.js";
import { byId } from "./lesson/page.js";
import { enqueue, queued, start as startQueue, whenAnswered } from "./lesson/queue.js";

const PATH = "answers";
const arrived = [];

function nameOf(item) {
  return item.body.course + "/" + item.body.question;
}

function isOurs(item) {
  return item.path === PATH && item.body.day === day;
}

function sheetsOf(name) {
  return sheets.filter(function (each) { return each.getAttribute("data-daily") === name; });
}

function isUntaught(sheet) {
  return !sheet.querySelector(".practice-said strong");
}

function give(sheet, value) {
  const again = sheet.hasAttribute("data-answered");
  if (again && arrived.indexOf(sheet.getAttribute("data-daily")) < 0) return Promise.reject(new Error("later"));
  answered(sheet);
  const part = function (about) { return sheet.getAttribute("data-" + about); };
  const said = { course: part("course"), lesson: part("lesson"), question: part("asks"), day: day, value: value };
  return enqueue(PATH, said).catch(function (fault) {
    if (fault.message !== "later") unmark(sheet); // it will never be kept as it is
    throw fault;
  });
}

/* An answer that waited for the line teaches when it comes, if it still stands at its question. */
function hear(item, said) {
  if (!isOurs(item)) return;
  arrived.push(nameOf(item));
  remember(nameOf(item));
  sheetsOf(nameOf(item)).filter(isUntaught).forEach(function (each) {
    window.BanyanQuestions.teach(each, item.body.value, said);
    bringIntoView(each);
  });
}

function begin() {
  const tables = JSON.parse(byId("daily-answers").textContent);
  sheets.forEach(function (sheet, place) {
    window.BanyanQuestions.practise(sheet, tables[place], function (value) { return give(sheet, value); });
  });
  whenAnswered(hear);
  startSheets();
  startKeeping();
  queued().then(function (items) {
    done().concat(items.filter(isOurs).map(nameOf)).forEach(function (name) { sheetsOf(name).forEach(mark); });
    onward(false);
    startQueue();
  });
}

if (byId("daily-answers")) begin();
