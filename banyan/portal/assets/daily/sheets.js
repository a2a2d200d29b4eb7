/* The questions one after the other, then the word that the day is done. */
import { all, byId } from "../lesson/page.js";
import { isOver } from "./done.js";

export const sheets = all(document, "[data-daily]");

function open() {
  return sheets.filter(function (each) { return !each.hasAttribute("data-answered"); });
}

/* Shows one alone; `moved` when somebody asked for it, who then finds the page's head and hears what is new. */
function show(shown, moved) {
  const end = byId("daily-done");
  sheets.concat([end]).forEach(function (each) { each.hidden = each !== shown; });
  if (shown === end) sayWhen();
  if (!moved) return;
  window.scrollTo(0, 0);
  shown.querySelector("h2").focus({ preventScroll: true });
}

/* A page of another day has nothing new to ask; with a line, tomorrow's three are a tap away. */
function sayWhen() {
  const over = isOver();
  byId("daily-over").hidden = byId("daily-again").hidden = !over;
  byId("daily-tomorrow").hidden = over;
}

export function onward(moved) {
  show(open()[0] || byId("daily-done"), moved);
}

export function start() {
  sheets.forEach(function (each) {
    each.querySelector("[data-onward]").addEventListener("click", function () { onward(true); });
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && !byId("daily-done").hidden) sayWhen();
  });
}

export function mark(sheet) {
  sheet.setAttribute("data-answered", "");
}

export function unmark(sheet) {
  sheet.removeAttribute("data-answered");
}

/* The way on appears with the first answer, whatever becomes of it. */
export function answered(sheet) {
  mark(sheet);
  sheet.querySelector(".daily-onward").hidden = false;
  bringIntoView(sheet);
}

/* What was just taught is read, and the way on found, without looking for them. */
export function bringIntoView(sheet) {
  sheet.querySelector(".daily-onward").scrollIntoView({ block: "nearest" });
}
