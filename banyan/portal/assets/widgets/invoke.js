/* A widget's question to its Python half (anywidget's experimental.invoke): resolves to [answer, buffers]. */
import { id } from "./wire.js";

const PATIENCE = 3000; // ms, as anywidget has it; the time a kernel takes to be there does not count
const KIND = "anywidget-command";

export function invoke(model, name, said, options) {
  const asked = options || {};
  const question = id();
  return new Promise(function (resolve, reject) {
    let timer = 0;
    function end(act, value) {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      act(value);
    }
    function hear(content, buffers) {
      if (content.id === question) end(resolve, [content.response, buffers]);
    }
    function fail() {
      end(reject, asked.signal && asked.signal.reason || new Error("no answer to " + name));
    }
    if (asked.signal && asked.signal.aborted) return fail();
    if (asked.signal) asked.signal.addEventListener("abort", fail);
    model.on("msg:custom", hear);
    const callbacks = { iopub: { status: function () { if (!asked.signal) timer = setTimeout(fail, PATIENCE); } } };
    model.send({ id: question, kind: KIND, name: name, msg: said }, callbacks, asked.buffers || []);
    return undefined;
  });
}
