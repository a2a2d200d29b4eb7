/* A widget whose script comes with it, as anywidget's front-end module (AFM) has it: initialize and render, hot state, commands.
 *
 * `_esm` is a module, run from a blob of this page; `_css` a stylesheet, once for each class of widget. */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { Binding, modelFor } from "./binding.js";

export class AnyModel extends DOMWidgetModel {
  initialize(attributes, options) {
    super.initialize(attributes, options);
    const destroyed = new AbortController();
    this.once("destroy", function () { destroyed.abort(); });
    this.binding = new Binding(this, destroyed.signal);
    this.binding.load();
    this.on("change:_css", this.binding.style, this.binding);
    this.on("change:_esm", this.binding.load, this.binding);
  }

  /* A widget hears nothing before it is there. */
  _handle_comm_msg(said) {
    const take = super._handle_comm_msg.bind(this, said);
    return this.binding.settled.then(take, take);
  }

  /* Binary state must survive: JSON would make nothing of it. */
  serialize(state) {
    Object.keys(state).forEach(function (name) { state[name] = cloned(state[name]); });
    return state;
  }
}

function cloned(value) {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
  if (value && typeof value.toJSON === "function") return value.toJSON();
  if (Array.isArray(value)) return value.map(cloned);
  if (value === null || typeof value !== "object") return value;
  const copy = {};
  Object.keys(value).forEach(function (name) { copy[name] = cloned(value[name]); });
  return copy;
}

export class AnyView extends DOMWidgetView {
  render() {
    this.shown = new AbortController();
    this.again = this.draw.bind(this);
    this.model.binding.views.add(this.again);
    this.again();
  }

  draw() {
    if (this.drawn) this.drawn.abort();
    this.drawn = new AbortController();
    this.el.textContent = "";
    const drawn = this.drawn;
    this.model.binding.draw(this.el, drawn.signal, this.model.binding.host(drawn.signal, modelFor));
  }

  remove() {
    if (this.drawn) this.drawn.abort();
    this.model.binding.views.delete(this.again);
    super.remove();
  }
}
