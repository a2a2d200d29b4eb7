/* Waiting between attempts: longer each time, never in step with a whole class, and over at once when there is reason to hope. */
const FIRST = 300;
const LONGEST = 15000;

export class Pauses {
  constructor() {
    this.reset();
  }

  reset() {
    this.stop();
    this.length = FIRST;
  }

  next() {
    const now = this.length;
    this.length = Math.min(now * 2, LONGEST);
    return now * (0.8 + 0.4 * Math.random());
  }

  /* A page nobody looks at waits until somebody does. */
  wait(ms, act) {
    this.stop();
    this.act = act;
    this.timer = setTimeout(function () { if (!document.hidden) this.hurry(); }.bind(this), ms);
  }

  hurry() {
    const act = this.act;
    this.stop();
    if (act) act();
  }

  stop() {
    clearTimeout(this.timer);
    this.act = null;
  }
}
