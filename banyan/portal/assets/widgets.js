/* The interactive parts of a lesson: drawn from what the page holds, and joined to a kernel when somebody touches one. */
import "./widgets/polyfills.js";
import { all, byId } from "./lesson/page.js";
import { Link } from "./widgets/link.js";
import { Manager } from "./widgets/manager.js";
import { sorry } from "./widgets/sorry.js";

function start(state) {
  const manager = new Manager(new Link());
  manager.restore(state).then(function () {
    all(document, "[data-model]").forEach(function (el) {
      manager.draw(el.getAttribute("data-model"), el).catch(function (fault) {
        console.error(fault);
        el.className += " slot-failed";
        el.textContent = sorry();
      });
    });
  });
}

const embedded = byId("widget-state");
const state = (embedded && JSON.parse(embedded.textContent).state) || {};
if (Object.keys(state).length) start(state);
