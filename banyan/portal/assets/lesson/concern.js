/* 这题有问题, 看不懂: a quiet line under each practice question and each step; two taps tell the trainer. */
import { all, byId } from "./page.js";
import { enqueue } from "./queue.js";

function say(panel, about) {
  panel.querySelector("[data-concern-said]").textContent = panel.getAttribute("data-" + about);
}

function tell(panel, about, name, kind) {
  const said = { kind: kind, words: panel.querySelector("textarea").value };
  said[about] = name;
  panel.querySelector("[data-concern-form]").hidden = true;
  say(panel, "told");
  enqueue("concerns", said).catch(function (fault) { say(panel, fault.message === "later" ? "waiting" : "refused"); });
}

function add(form, place, about, name) {
  const panel = document.importNode(form.content, true).querySelector(".concern");
  panel.querySelector("summary").textContent = panel.getAttribute("data-of-" + about);
  all(panel, "[data-concern]").forEach(function (button) {
    button.addEventListener("click", function () { tell(panel, about, name, button.getAttribute("data-concern")); });
  });
  place(panel);
}

export function start() {
  const form = byId("concern-form");
  if (!form) return;
  all(document, ".practice").forEach(function (el) {
    add(form, function (panel) { el.insertAdjacentElement("afterend", panel); }, "question", el.getAttribute("data-practice"));
  });
  all(document, ".step").forEach(function (el) {
    add(form, function (panel) { el.appendChild(panel); }, "step", el.getAttribute("data-step"));
  });
}
