/* Joins one anywidget model to the module in its `_esm`, and each of its views to that module's `render`.
 *
 * A module changed while the page is open (an author's preview) is bound anew and its views drawn again. */
import { sorry } from "./sorry.js";
import { invoke } from "./invoke.js";

const REFERENCE = "anywidget:";

/* What a module sees of a model; what it listens to ends with `owner`. */
export function modelFor(model, owner) {
  return {
    get: model.get.bind(model),
    set: model.set.bind(model),
    save_changes: model.save_changes.bind(model),
    send: model.send.bind(model),
    on: function (name, act) { model.on(name, act, owner); },
    off: function (name, act) { model.off(name, act, owner); },
    widget_manager: model.widget_manager
  };
}

export class Binding {
  constructor(model, destroyed) {
    this.model = model;
    this.views = new Set();
    this.experimental = { invoke: invoke.bind(null, model) };
    destroyed.addEventListener("abort", this.end.bind(this));
  }

  load() {
    const begun = {};
    this.end();
    this.begun = begun;
    this.style();
    this.ready = run(this.model.get("_esm")).then(this.initialize.bind(this, begun));
    this.settled = this.ready.catch(function (fault) { console.error(fault); });
    this.views.forEach(function (again) { again(); });
  }

  initialize(owner, module) {
    this.module = module;
    const ended = new AbortController();
    owner.end = function () { ended.abort(); };
    const asked = { model: modelFor(this.model, owner), signal: ended.signal, experimental: this.experimental };
    return Promise.resolve(module.initialize && module.initialize(asked)).then(function (result) {
      this.exports = result !== null && typeof result === "object" ? result : undefined;
      this.atEnd(ended.signal, owner, result);
    }.bind(this));
  }

  /* Run what a module gave back for its end, and forget its listeners. */
  atEnd(signal, owner, cleanup) {
    const model = this.model;
    function end() {
      model.off(null, null, owner);
      if (typeof cleanup === "function") Promise.resolve().then(cleanup).catch(function (fault) { console.warn(fault); });
    }
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  }

  draw(el, signal, host) {
    const owner = {};
    return this.ready.then(function () {
      if (signal.aborted || !this.module.render) return undefined;
      return this.module.render({
        model: modelFor(this.model, owner), el: el, signal: signal, host: host, experimental: this.experimental
      });
    }.bind(this)).then(this.atEnd.bind(this, signal, owner), function (fault) {
      console.error(fault);
      el.className += " slot-failed";
      el.textContent = sorry();
    });
  }

  /* Other widgets, by what a model's state names them. */
  host(signal, made) {
    const named = function (reference) {
      if (typeof reference !== "string" || reference.indexOf(REFERENCE) !== 0) throw new Error("not a widget: " + reference);
      return this.model.widget_manager.get_model(reference.slice(REFERENCE.length));
    }.bind(this);
    const host = {
      getModel: function (reference) {
        return Promise.resolve(reference).then(named).then(function (model) {
          const owner = {};
          signal.addEventListener("abort", function () { model.off(null, null, owner); });
          return made(model, owner);
        });
      },
      getWidget: function (reference) {
        return Promise.resolve(reference).then(named).then(function (model) {
          return model.binding.ready.then(function () {
            const render = function (asked) { return model.binding.draw(asked.el, asked.signal || signal, host); };
            return { exports: model.binding.exports, render: render };
          });
        });
      }
    };
    return host;
  }

  style() {
    const css = this.model.get("_css");
    const id = this.model.get("_anywidget_id");
    if (!css || !id) return;
    const style = document.getElementById(id) || document.head.appendChild(document.createElement("style"));
    style.id = id;
    if (style.textContent !== css) style.textContent = css;
  }

  end() {
    if (this.begun && this.begun.end) this.begun.end();
    this.begun = null;
  }
}

function run(esm) {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  return import(url).then(function (module) {
    URL.revokeObjectURL(url);
    if (module.render) return { initialize: module.initialize, render: module.render };
    if (!module.default) throw new Error("a widget's module must export a default function or object");
    return typeof module.default === "function" ? module.default() : module.default;
  }, function (fault) {
    URL.revokeObjectURL(url);
    throw fault;
  });
}
