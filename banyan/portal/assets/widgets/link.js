/* The line to a kernel that exists only once a reader has touched something.
 *
 * `state`: "none" (no kernel, none asked for), "asking", "joining", "open", "cut" (we have one and the line is lost), "over" (the
 * lesson was changed). Whatever the line does, nothing a reader did is lost: what is unanswered stays in the outbox, and a
 * kernel made anew is first told the current values of all that was touched.
 */
import { isUpdate } from "./comm.js";
import { Incoming } from "./incoming.js";
import * as lease from "./lease.js";
import { Outbox } from "./outbox.js";
import { Pauses } from "./pauses.js";
import { Socket } from "./socket.js";
import { hush, tell, tellWell } from "./words.js";

const SILENCE = 6000; // ms without a word after which a line is taken for dead; a kernel at work may be silent
const REFUSALS = 3; // times a kernel that is there may refuse its socket before we ask for another
const SHORTLY = 5000;
const LATER = 30000;
const TOUCHES = ["pointerdown", "touchstart", "mousedown", "keydown", "input", "change"];

export class Link {
  constructor() {
    this.comms = new Map();
    this.outbox = new Outbox();
    this.incoming = new Incoming(this);
    this.pauses = new Pauses();
    this.state = "none";
    this.turn = 0; // what was begun in another turn no longer counts
    this.isTouched = false;
    this.notBefore = 0;
    this.hadKernel = false;
    this.listen();
  }

  listen() {
    const touch = this.touch.bind(this);
    TOUCHES.forEach(function (name) { document.addEventListener(name, touch, { capture: true, passive: true }); });
    window.addEventListener("pagehide", this.leave.bind(this));
    window.addEventListener("offline", this.drop.bind(this));
    window.addEventListener("online", this.wake.bind(this));
    window.addEventListener("pageshow", this.wake.bind(this));
    document.addEventListener("visibilitychange", this.wake.bind(this));
  }

  /* What widgets say of themselves while they are drawn waits for a reader's hand. */
  touch(event) {
    if (!event.target.closest || !event.target.closest("[data-model]")) return;
    this.isTouched = true;
    if (this.state === "none" && this.isWanted && Date.now() > this.notBefore) this.begin();
  }

  /* Something of the reader's waits for a kernel. */
  get isWanted() { return this.outbox.list().some(isForAny); }

  send(entry) {
    this.outbox.keep(entry);
    if (this.state === "open") this.transmit(entry);
    else if (this.isTouched) this.begin();
  }

  transmit(entry) {
    entry.comm.freshen(entry.said);
    this.isDirty = true;
    this.socket.send(entry.said);
    this.expectWord(SILENCE);
  }

  // ---- getting a kernel

  begin() {
    if (this.state !== "none") {
      if (this.state === "cut") this.pauses.hurry();
      return;
    }
    this.state = "asking";
    this.turn += 1;
    tell("preparing");
    this.ask(this.turn);
  }

  ask(turn) {
    lease.ask().then(function (answer) {
      if (turn === this.turn) this["be_" + answer.is.replace("-", "_")](answer, turn);
      else if (answer.is === "lent") lease.giveBack(answer.kernel);
    }.bind(this));
  }

  askAgain(turn, ms) {
    this.pauses.wait(ms, function () { if (turn === this.turn) this.ask(turn); }.bind(this));
  }

  be_lent(answer) {
    this.lent = answer;
    this.refusals = 0;
    this.isFresh = true;
    this.pauses.reset();
    this.join();
  }

  be_queued(answer, turn) {
    if (answer.place > 0) tell("place", answer.place);
    this.askAgain(turn, answer.again * 1000);
  }

  be_no_line(answer, turn) {
    tell("cut");
    this.askAgain(turn, this.pauses.next());
  }

  be_unavailable(answer, turn) {
    this.state = "none"; // a touch asks again, and so do we after a while
    this.notBefore = Date.now() + SHORTLY;
    tell("unavailable", answer.why || 0);
    this.pauses.wait(LATER, function () { if (turn === this.turn && this.isWanted) this.begin(); }.bind(this));
  }

  be_signed_out() {
    this.state = "none";
    tell("signed-out", 0);
  }

  be_changed() {
    this.state = "over";
    tell("changed", 0);
  }

  // ---- the line

  join() {
    this.state = "joining";
    this.socket = new Socket(lease.address(this.lent), !this.isFresh, {
      ready: function () { this.incoming.then(this.ready.bind(this, this.turn)); }.bind(this),
      said: function (said) { this.incoming.take(said); }.bind(this),
      lost: this.cut.bind(this)
    });
  }

  ready(turn) {
    if (turn !== this.turn || this.state !== "joining" || !this.socket) return;
    const isAnew = this.isFresh && this.hadKernel;
    const asks = isAnew || this.isDirty;
    if (isAnew) this.renew();
    else if (!this.isFresh) this.outbox.settle();
    this.state = "open";
    this.hadKernel = true;
    this.isFresh = this.isDirty = false;
    this.refusals = 0;
    this.pauses.reset();
    tellWell();
    this.outbox.list().forEach(this.transmit, this);
    if (asks) this.incoming.askStates();
  }

  /* Another kernel: what the old one knew is told again, in the order in which it was last touched; then the rest. */
  renew() {
    const old = this.outbox.clear().filter(isForAny);
    this.comms.forEach(function (comm) {
      if (comm.model && comm.model.beginAnew) comm.model.beginAnew();
      if (!comm.touched.size || !comm.isBorn || !comm.model) return;
      const mine = old.filter(function (entry) { return entry.comm === comm && isUpdate(entry.said.content.data); })[0];
      if (mine) comm.renew(mine.said);
      this.outbox.keep(mine || { said: comm.renewed(), comm: comm, seen: false });
    }, this);
    old.forEach(function (entry) { this.outbox.keep(entry); }, this);
    this.outbox.list().forEach(function (entry) { entry.seen = false; });
  }

  /* A line that says nothing though it was spoken to is dead, whatever the phone believes. */
  expectWord(ms) {
    if (this.watch) return;
    const socket = this.socket;
    const heard = socket.heard;
    this.watch = setTimeout(function () {
      this.watch = 0;
      if (socket === this.socket && socket.heard === heard && !this.outbox.isSeen) socket.drop();
      else if (this.state === "open" && !this.outbox.isEmpty) this.expectWord(ms);
    }.bind(this), ms);
  }

  cut() {
    if (this.state === "joining") this.refusals += 1;
    this.socket = null;
    this.state = "cut";
    tell("cut");
    this.retry(this.turn, this.pauses.next());
  }

  retry(turn, ms) {
    this.pauses.wait(ms, function () {
      if (turn !== this.turn || this.state !== "cut") return;
      lease.see(this.lent).then(function (seen) {
        if (turn === this.turn && this.state === "cut") this.resume(turn, seen);
      }.bind(this));
    }.bind(this));
  }

  resume(turn, seen) {
    if (seen === "there" && this.refusals < REFUSALS) return this.join();
    if (seen === "unknown") return this.retry(turn, this.pauses.next());
    if (seen === "there") lease.giveBack(this.lent.kernel);
    this.state = "none";
    if (seen === "signed-out") tell("signed-out", 0);
    else if (this.isWanted) this.begin();
    else hush(); // asleep: the next touch wakes another
  }

  drop() {
    if (this.socket) this.socket.drop();
  }

  wake() {
    if (document.hidden) return;
    this.pauses.hurry();
    if (this.state !== "open") return;
    this.socket.knock();
    this.expectWord(SILENCE / 2);
  }

  /* The page goes: the kernel is given back. Should the page return from the phone's memory, a touch gets another. */
  leave() {
    this.turn += 1;
    this.pauses.stop();
    const lent = this.lent;
    const had = this.state === "open" || this.state === "joining" || this.state === "cut";
    if (this.state !== "over") this.state = "none";
    if (this.socket) {
      this.socket.on = { ready: function () { }, said: function () { }, lost: function () { } };
      this.socket.drop();
      this.socket = null;
    }
    if (had) lease.giveBack(lent.kernel);
    hush();
  }
}

/* What a widget of the lesson itself was told by its reader; what one says of itself is only true of the kernel it has. */
function isForAny(entry) {
  return entry.comm.isBorn && !(isUpdate(entry.said.content.data) && entry.comm.keepsItself);
}

