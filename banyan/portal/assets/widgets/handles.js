/* A slider's handle is what one focuses: it bears the name that stands beside the slider. */
export function nameHandles(view) {
  function name() {
    const words = view.model.get("description");
    if (!words) return;
    Array.prototype.forEach.call(view.el.querySelectorAll(".noUi-handle"), function (handle) {
      handle.setAttribute("aria-label", words);
    });
  }

  name();
  view.listenTo(view.model, "change:description", name);
}
