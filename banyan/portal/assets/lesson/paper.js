/* On paper nothing is folded: sources, and the tables of pictures, stand open while the page is printed. */
import { all, byId } from "./page.js";

let opened = [];

export function start() {
  window.addEventListener("beforeprint", function () {
    opened = all(byId("lesson"), "details:not(.concern):not([open])");
    opened.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (fold) { fold.open = false; });
    opened = [];
  });
}
