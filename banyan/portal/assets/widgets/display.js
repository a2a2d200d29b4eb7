/* One output of a cell as an element: a widget, HTML, a picture or text, whichever it offers first in this order. */
import { JupyterLuminoWidget } from "@jupyter-widgets/base";
import { sorry } from "./sorry.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function text(value) {
  return Array.isArray(value) ? value.join("") : String(value);
}

function element(tag, className, words) {
  const el = document.createElement(tag);
  el.className = className;
  if (words !== undefined) el.textContent = words;
  return el;
}

function placed(el) {
  return { place: function (into) { into.appendChild(el); } };
}

function html(written) {
  const el = element("div", "output-html");
  el.innerHTML = written; // runs no script: the page's policy lets none through, and innerHTML starts none
  return el;
}

function picture(type, data, words) {
  const el = element("img", "output-picture");
  el.src = "data:" + type + ";base64," + text(data).replace(/\s/g, "");
  el.alt = words || "";
  return el;
}

function shown(data) {
  const type = PICTURES.filter(function (each) { return data[each]; })[0];
  if (data["text/html"]) return html(text(data["text/html"]));
  if (data["image/svg+xml"]) return html(text(data["image/svg+xml"]));
  if (type) return picture(type, data[type], data["text/plain"] && text(data["text/plain"]));
  return element("pre", "printed", text(data["text/plain"] || ""));
}

/* Resolves to {place(into)}. An author's error is no business of a reader. */
export function drawn(output, manager) {
  if (output.output_type === "stream") return Promise.resolve(placed(element("pre", "printed", text(output.text))));
  if (output.output_type === "error") {
    console.error(output.ename + ": " + output.evalue);
    return Promise.resolve(placed(element("p", "slot-failed", sorry())));
  }
  const widget = output.data[WIDGET];
  if (!widget) return Promise.resolve(placed(shown(output.data)));
  return manager.get_model(widget.model_id).then(function (model) { return manager.create_view(model); }).then(function (view) {
    return { place: function (into) { JupyterLuminoWidget.attach(view.luminoWidget, into); } };
  });
}
