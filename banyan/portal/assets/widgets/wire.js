/* Messages as Jupyter's server speaks them over a websocket: JSON, or, with buffers, one binary frame of offsets and parts. */
const LENGTH = 4; // bytes of a count or an offset, the most significant first
export const session = id();

export function id() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
}

export function message(type, content, metadata, buffers) {
  const header = { msg_id: id(), msg_type: type, session: session, username: "", version: "5.3", date: new Date().toISOString() };
  return { channel: "shell", header: header, parent_header: {}, metadata: metadata || {}, content: content, buffers: buffers || [] };
}

function bytesOf(buffer) {
  return ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
}

export function pack(said) {
  if (!said.buffers.length) return JSON.stringify(said);
  const parts = [new TextEncoder().encode(JSON.stringify(Object.assign({}, said, { buffers: [] })))].concat(said.buffers.map(bytesOf));
  const start = LENGTH * (parts.length + 1);
  const frame = new Uint8Array(parts.reduce(function (sum, part) { return sum + part.length; }, start));
  const view = new DataView(frame.buffer);
  view.setUint32(0, parts.length);
  parts.reduce(function (offset, part, place) {
    view.setUint32(LENGTH * (place + 1), offset);
    frame.set(part, offset);
    return offset + part.length;
  }, start);
  return frame.buffer;
}

export function unpack(frame) {
  if (typeof frame === "string") return Object.assign({ buffers: [] }, JSON.parse(frame));
  const view = new DataView(frame);
  const offsets = [];
  for (let place = 1; place <= view.getUint32(0); place += 1) offsets.push(view.getUint32(LENGTH * place));
  const parts = offsets.map(function (offset, place) { return frame.slice(offset, offsets[place + 1]); });
  const said = JSON.parse(new TextDecoder().decode(parts[0]));
  said.buffers = parts.slice(1).map(function (part) { return new DataView(part); });
  return said;
}
