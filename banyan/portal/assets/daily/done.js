/* Which of a day's questions this phone has answered: a page that is opened without a line goes on where it was left. */
import { body, reader } from "../lesson/page.js";

const NAME = "banyan-daily-" + reader;
export const day = body.getAttribute("data-day");

export function done() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME));
    return kept && kept.day === day ? kept.done : [];
  } catch (fault) {
    return []; // no room, or none for us
  }
}

export function remember(question) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ day: day, done: done().concat([question]) }));
  } catch (fault) {
    /* without it the page asks once more, and the first answer still counts */
  }
}

/* Says whether the day of the page is over, by the phone's own calendar. */
export function isOver() {
  const now = new Date();
  const two = function (number) { return ("0" + number).slice(-2); };
  return [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-") > day;
}
