/* Where a widget cannot be shown: a sentence, in the reader's language. */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { say } from "./say.js";

export const FAILED = "这一小块暂时打不开，其余内容可以照常学。";

export class SorryModel extends DOMWidgetModel {
  defaults() {
    const own = { _view_name: "SorryView", _view_module: "", _model_name: "SorryModel", _model_module: "" };
    return Object.assign({}, super.defaults(), own);
  }
}

export class SorryView extends DOMWidgetView {
  render() {
    this.el.className = "slot-failed";
    this.el.textContent = say(FAILED);
  }
}
