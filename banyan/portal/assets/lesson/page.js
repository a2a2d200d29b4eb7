/* What the page says of itself: course, lesson, whose it is, and its words. */
export const body = document.body;
export const course = body.getAttribute("data-course");
export const lesson = body.getAttribute("data-lesson");
export const reader = body.getAttribute("data-reader");
export const api = body.getAttribute("data-api");
export const seal = body.getAttribute("data-csrf");

export function byId(id) {
  return document.getElementById(id);
}

export function all(el, selector) {
  return Array.prototype.slice.call(el.querySelectorAll(selector));
}
