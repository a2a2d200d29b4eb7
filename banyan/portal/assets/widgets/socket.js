/* One websocket to one kernel. It is ready once a message on IOPub was seen: before that, what a kernel says may be lost.
 * A new one greets whoever listens; only of one that does not, or that we rejoin, do we ask for a sign of life.
 *
 * `on` has ready(), said(message) and lost(); after `lost` nothing more comes, and `drop` loses it at once.
 */
import { message, pack, unpack } from "./wire.js";

const KNOCKS = [50, 50, 50, 50, 100, 100, 200, 400, 800, 1500]; // ms between asking whether anybody is there
const GREETING = 400; // ms in which a new kernel greets
const LONGEST = 20000; // ms until a kernel that says nothing is given up
const OPEN = 1;

export class Socket {
  /* `again`: this kernel knows us; only an answer to a question of ours says that all before it has arrived. */
  constructor(url, again, on) {
    this.again = again;
    this.on = on;
    this.isReady = false;
    this.heard = 0;
    this.knocks = [];
    this.ws = new WebSocket(url);
    this.ws.binaryType = "arraybuffer";
    this.ws.onopen = again ? this.knock.bind(this) : this.wait.bind(this);
    this.ws.onmessage = this.hear.bind(this);
    this.ws.onclose = this.drop.bind(this);
    this.giveUp = setTimeout(this.drop.bind(this), LONGEST);
  }

  send(said) {
    if (this.ws && this.ws.readyState === OPEN) this.ws.send(pack(said));
  }

  wait() {
    this.next = setTimeout(this.knock.bind(this), GREETING);
  }

  /* Ask for a sign of life. */
  knock() {
    const asked = message("kernel_info_request", {});
    this.knocks.push(asked.header.msg_id);
    this.send(asked);
    const pause = KNOCKS[Math.min(this.knocks.length, KNOCKS.length) - 1];
    if (!this.isReady) this.next = setTimeout(this.knock.bind(this), pause);
  }

  hear(event) {
    this.heard += 1;
    const said = unpack(event.data);
    if (!this.isReady && said.channel === "iopub" && (!this.again || this.knocks.indexOf(said.parent_header.msg_id) >= 0)) {
      this.isReady = true;
      clearTimeout(this.next);
      clearTimeout(this.giveUp);
      this.on.ready();
    }
    this.on.said(said);
  }

  drop() {
    clearTimeout(this.next);
    clearTimeout(this.giveUp);
    if (!this.ws) return;
    const ws = this.ws;
    this.ws = null;
    ws.onopen = ws.onmessage = ws.onclose = null;
    ws.close();
    this.on.lost();
  }
}
