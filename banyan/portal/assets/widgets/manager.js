/* ipywidgets' own manager with our line beneath: models from the page's embedded state, views where the page has room for them. */
import * as base from "@jupyter-widgets/base";
import { ManagerBase, base64ToBuffer } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import * as any from "./any.js";
import { Comm } from "./comm.js";
import { nameHandles } from "./handles.js";
import * as output from "./output.js";
import { SorryModel, SorryView } from "./sorry.js";

const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  "@jupyter-widgets/output": output,
  anywidget: any
};

export class Manager extends ManagerBase {
  constructor(link) {
    super();
    this.link = link;
    link.incoming.opened = this.handle_comm_open.bind(this);
  }

  loadClass(name, module) {
    const found = MODULES[module] && MODULES[module][name];
    return found ? Promise.resolve(found) : Promise.reject(new Error("no widget " + name + " of " + module + " in a lesson"));
  }

  /* A reader is told in a sentence; the author finds the cause in the console. */
  loadModelClass(name, module, version) {
    return this.loadClass(name, module, version).catch(function (fault) { console.error(fault); return SorryModel; });
  }

  loadViewClass(name, module, version) {
    return this.loadClass(name, module, version).catch(function (fault) { console.error(fault); return SorryView; });
  }

  _create_comm(target, id, data, metadata, callbacks, buffers) {
    const comm = new Comm(this.link, id);
    comm.target_name = target;
    comm.open(data || {}, callbacks, metadata, buffers);
    return Promise.resolve(comm);
  }

  _get_comm_info() {
    return Promise.resolve({});
  }

  register_model(id, promise) {
    super.register_model(id, promise);
    const comm = this.link.comms.get(id);
    if (comm) promise.then(function (model) { comm.model = model; });
  }

  /* Make the models of a state as Widget.get_manager_state() gives it. No kernel is asked for anything. */
  restore(state) {
    return Promise.all(Object.keys(state).map(function (id) {
      const kept = state[id];
      const buffers = kept.buffers || [];
      base.put_buffers(
        kept.state,
        buffers.map(function (each) { return each.path; }),
        buffers.map(function (each) { return new DataView(base64ToBuffer(each.data)); })
      );
      const asked = { model_id: id, model_name: kept.model_name, model_module: kept.model_module, comm: new Comm(this.link, id, true) };
      return this.new_model(Object.assign(asked, { model_module_version: kept.model_module_version }), kept.state);
    }, this));
  }

  create_view(model, options) {
    return super.create_view(model, options).then(function (view) {
      nameHandles(view);
      return view;
    });
  }

  draw(id, el) {
    return this.get_model(id).then(function (model) { return this.create_view(model); }.bind(this)).then(function (view) {
      base.JupyterLuminoWidget.attach(view.luminoWidget, el);
    });
  }
}
