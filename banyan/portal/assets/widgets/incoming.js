/* What the kernel says, one thing after another: a widget has taken a message in before the next is looked at. */
import { Comm, isUpdate } from "./comm.js";
import { message } from "./wire.js";
import { settle, tell } from "./words.js";

const PATIENCE = 3000; // ms one message may take; a widget that never ends must not stop the others
const STATELESS = ["LayoutModel"];

export class Incoming {
  constructor(link) {
    this.link = link;
    this.last = Promise.resolve();
    this.asked = new Set(); // our questions about all state
    this.captured = new Map(); // what is printed while a message is answered, and which output shows it
    this.opened = function () { };
  }

  then(act) {
    this.last = this.last.then(act).catch(function (fault) { console.error(fault); });
  }

  take(said) {
    if (said.channel !== "iopub") return;
    if (said.header.msg_type === "status" && said.content.execution_state !== "idle") this.link.outbox.take(said);
    this.then(function () { return soon(this.handle(said)); }.bind(this));
  }

  handle(said) {
    const type = said.header.msg_type;
    const parent = said.parent_header.msg_id;
    if (type === "status") {
      if (said.content.execution_state === "idle") this.asked.delete(parent);
      return this.link.outbox.take(said);
    }
    const comm = this.link.comms.get(said.content.comm_id);
    if (type === "comm_msg") settle("failed");
    if (type === "comm_msg") return comm && comm.receive(this.asked.has(parent) && isUpdate(said.content.data) ? comm.withoutWaiting(said) : said);
    if (type === "comm_close") return comm && comm.closed(said);
    if (type === "comm_open") return comm || this.opened(new Comm(this.link, said.content.comm_id), said);
    const capture = this.captured.get(parent);
    if (type === "error") tell("failed");
    return capture && capture(said);
  }

  /* What may have been said while nobody listened is asked for. */
  askStates() {
    this.link.comms.forEach(function (comm) {
      if (!comm.model || STATELESS.indexOf(comm.model.name) >= 0) return;
      const asks = message("comm_msg", { comm_id: comm.comm_id, data: { method: "request_state" } });
      this.asked.add(asks.header.msg_id);
      this.link.socket.send(asks);
    }, this);
  }
}

function soon(done) {
  if (!done || !done.then) return done;
  return Promise.race([done, new Promise(function (go) { setTimeout(go, PATIENCE); })]);
}
