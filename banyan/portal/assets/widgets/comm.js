/* One widget's channel. Nobody need be at its other end: what is said waits until the link has a kernel.
 *
 * `touched` names the state that was set here; a kernel made anew is told the current values (`renewed`). */
import { remove_buffers } from "@jupyter-widgets/base";
import { message } from "./wire.js";

const UPDATE = "update";

export class Comm {
  /* `isBorn`: it is part of the lesson, so every kernel of this lesson has it. */
  constructor(link, commId, isBorn) {
    this.link = link;
    this.comm_id = commId;
    this.isBorn = Boolean(isBorn);
    this.target_name = "jupyter.widget";
    this.touched = new Set();
    this.model = null;
    this.receive = function () { };
    this.closed = function () { };
    link.comms.set(commId, this);
  }

  get keepsItself() { return Boolean(this.model && this.model.keepsItself); }

  on_msg(receive) { this.receive = receive; }

  on_close(closed) { this.closed = closed; }

  open(data, callbacks, metadata, buffers) {
    return this.say("comm_open", { target_name: this.target_name, data: data }, callbacks, metadata, buffers);
  }

  send(data, callbacks, metadata, buffers) {
    if (isUpdate(data) && !this.keepsItself) this.touch(data);
    return this.say("comm_msg", { data: data }, callbacks, metadata, buffers);
  }

  close(data, callbacks, metadata, buffers) {
    this.link.comms.delete(this.comm_id);
    return this.say("comm_close", { data: data || {} }, callbacks, metadata, buffers);
  }

  say(type, content, callbacks, metadata, buffers) {
    const said = message(type, Object.assign({ comm_id: this.comm_id }, content), metadata, buffers);
    this.link.send({ said: said, comm: this, statuses: callbacks && callbacks.iopub && callbacks.iopub.status, seen: false });
    return said.header.msg_id;
  }

  touch(data) {
    names(data).forEach(function (name) { this.touched.add(name); }, this);
    this.link.comms.delete(this.comm_id); // the latest touched comes last
    this.link.comms.set(this.comm_id, this);
  }

  /* What the reader did while this waited goes with it: one message instead of two. Binary state goes by itself, later. */
  freshen(said) {
    const model = this.model;
    if (!isUpdate(said.content.data) || !model || !model._msg_buffer) return;
    if (said.buffers.length || remove_buffers(model._msg_buffer).buffers.length) return;
    this.fill(said, Object.assign({}, said.content.data.state, model._msg_buffer));
  }

  /* Make a message carry the current values of all that was touched. */
  renew(said) {
    const values = {};
    this.touched.forEach(function (name) { values[name] = this.model.get(name); }, this);
    this.fill(said, this.model.serialize(values));
    return said;
  }

  renewed() {
    return this.renew(message("comm_msg", { comm_id: this.comm_id }));
  }

  fill(said, state) {
    const split = remove_buffers(state);
    said.buffers = split.buffers;
    said.content = { comm_id: this.comm_id, data: { method: UPDATE, state: split.state, buffer_paths: split.buffer_paths } };
    this.model._msg_buffer = null;
    this.model.rememberLastUpdateFor(said.header.msg_id);
  }

  /* An answer to a question about all state is older than what the reader does meanwhile. */
  withoutWaiting(said) {
    const waiting = Object.keys(this.model._msg_buffer || {});
    this.link.outbox.of(this).forEach(function (entry) {
      if (isUpdate(entry.said.content.data)) waiting.push.apply(waiting, names(entry.said.content.data));
    });
    const isOld = function (name) { return waiting.indexOf(name) < 0; };
    const came = said.content.data;
    const kept = came.buffer_paths.map(function (path) { return isOld(path[0]); });
    const state = {};
    Object.keys(came.state).filter(isOld).forEach(function (name) { state[name] = came.state[name]; });
    const isKept = function (each, place) { return kept[place]; };
    const data = { method: UPDATE, state: state, buffer_paths: came.buffer_paths.filter(isKept) };
    return Object.assign({}, said, { content: { comm_id: this.comm_id, data: data }, buffers: said.buffers.filter(isKept) });
  }
}

function names(data) {
  return Object.keys(data.state).concat((data.buffer_paths || []).map(function (path) { return path[0]; }));
}

export function isUpdate(data) {
  return Boolean(data) && data.method === UPDATE;
}
