/* ipywidgets' Output: what a kernel prints or displays while `msg_id` names the message it answers.
 *
 * As in JupyterLab the page gathers it and tells the kernel what it has; a kernel made anew starts from what the lesson shows. */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { drawn } from "./display.js";

const MODULE = "@jupyter-widgets/output";

export class OutputModel extends DOMWidgetModel {
  defaults() {
    const own = { _model_name: "OutputModel", _model_module: MODULE, _view_name: "OutputView", _view_module: MODULE, msg_id: "", outputs: [] };
    return Object.assign({}, super.defaults(), own);
  }

  initialize(attributes, options) {
    super.initialize(attributes, options);
    this.keepsItself = true;
    this.first = this.get("outputs");
    this.captured = this.widget_manager.link.incoming.captured;
    this.on("change:msg_id", this.listen, this);
    this.on("comm:close", function () { this.captured.delete(this.get("msg_id")); }, this);
  }

  listen() {
    this.captured.delete(this.previous("msg_id"));
    if (this.get("msg_id")) this.captured.set(this.get("msg_id"), this.take.bind(this));
  }

  take(said) {
    const type = said.header.msg_type;
    if (type === "clear_output") this.clear(said.content.wait);
    else if (type === "update_display_data") this.keep(this.replaced(said.content));
    else if (type === "stream" || type === "display_data" || type === "execute_result" || type === "error") this.add(type, said.content);
  }

  clear(waits) {
    this.clearsNext = waits;
    if (!waits) this.keep([]);
  }

  add(type, content) {
    const before = this.clearsNext ? [] : this.get("outputs");
    const last = before[before.length - 1];
    this.clearsNext = false;
    const goesOn = type === "stream" && last && last.output_type === type && last.name === content.name;
    if (goesOn) this.keep(before.slice(0, -1).concat(Object.assign({}, last, { text: join(last.text) + content.text })));
    else this.keep(before.concat(Object.assign({ output_type: type }, content)));
  }

  replaced(content) {
    const name = content.transient && content.transient.display_id;
    return this.get("outputs").map(function (each) {
      const same = name && each.transient && each.transient.display_id === name;
      return same ? Object.assign({}, each, { data: content.data, metadata: content.metadata }) : each;
    });
  }

  keep(outputs) {
    this.set("outputs", outputs);
    this.save_changes();
  }

  beginAnew() {
    this._pending_msgs = 0;
    this._msg_buffer = null;
    this.captured.delete(this.get("msg_id"));
    this.set_state({ outputs: this.first, msg_id: "" });
  }
}

export function join(text) {
  return Array.isArray(text) ? text.join("") : text;
}

export class OutputView extends DOMWidgetView {
  render() {
    this.el.classList.add("jupyter-widgets", "jupyter-widget-output", "widget-output");
    this.listenTo(this.model, "change:outputs", this.show);
    this.show();
  }

  show() {
    const turn = this.turn = {};
    const manager = this.model.widget_manager;
    Promise.all(this.model.get("outputs").map(function (each) { return drawn(each, manager); })).then(function (parts) {
      if (turn !== this.turn) return;
      this.el.textContent = "";
      parts.forEach(function (part) { part.place(this.el); }, this);
    }.bind(this));
  }
}
