/* Where a widget cannot be shown: a sentence, in the reader's language: the page's (#notice data-part-failed). */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { byId } from "../lesson/page.js";

export function sorry() {
  const notice = byId("notice");
  return (notice && notice.getAttribute("data-part-failed")) || "";
}

export class SorryModel extends DOMWidgetModel {
  defaults() {
    const own = { _view_name: "SorryView", _view_module: "", _model_name: "SorryModel", _model_module: "" };
    return Object.assign({}, super.defaults(), own);
  }
}

export class SorryView extends DOMWidgetView {
  render() {
    this.el.className = "slot-failed";
    this.el.textContent = sorry();
  }
}
