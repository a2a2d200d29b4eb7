// Handing in: asked once more, everything sent before, and at the deadline by itself. Whether it is the deadline, the server says:
// a phone's own clock may jump.
import { fill } from "./clock.js";

const AGAIN = 5000; // ms
const EARLY = 409; // what the server answers a clock that hands in while time is left

export class HandIn {
  constructor(page, say, parts) {
    this.say = say;
    this.parts = parts;
    this.ask = page.querySelector("[data-ask]");
    this.sure = page.querySelector("[data-sure]");
    this.words = page.querySelector("[data-sure-words]");
    this.news = page.querySelector("[data-hand-in-news]");
    this.ask.addEventListener("click", () => this.askAgain());
    page.querySelector("[data-not-yet]").addEventListener("click", () => this.notYet());
    page.querySelector("[data-hand-in]").addEventListener("click", () => this.handIn());
    parts.answers.onClosed = () => this.leave();
  }

  askAgain() {
    const blanks = this.parts.sheets.blanks;
    this.words.textContent = blanks ? fill(this.say.sure_blanks, { n: blanks }) : this.say.sure;
    this.ask.hidden = true;
    this.sure.hidden = false;
    this.sure.focus();
  }

  notYet() {
    this.sure.hidden = true;
    this.ask.hidden = false;
    this.ask.focus();
  }

  // Nothing is handed in before everything is kept, unless time is up.
  handIn() {
    this.news.textContent = this.say.handing_in;
    return this.flush().then((kept) => {
      if (!kept) throw { status: 0 };
      return this.send();
    }).catch((fault) => {
      this.news.textContent = fault.status ? fault.message : this.say.no_line_to_hand_in;
    });
  }

  flush() {
    const drills = Promise.all(this.parts.drills.map((each) => each.flush()));
    const answers = this.parts.photos.flush().then(() => this.parts.answers.flush());
    return Promise.all([answers, drills]).then((all) => all[0] && all[1].every((each) => each));
  }

  send(how) {
    return this.parts.post.post("/submit" + (how || ""), {}).then(() => this.leave(), (fault) => {
      if (fault.status === 410 || fault.status === 404) return this.leave();
      throw fault;
    });
  }

  timeIsUp() {
    this.before = location.hash.slice(1);
    this.parts.sheets.go("review");
    this.ask.hidden = true;
    this.sure.hidden = true;
    this.news.textContent = this.say.time_is_up;
    this.handInByClock();
  }

  handInByClock() {
    this.flush().then(() => {
      if (this.parts.clock.left() > 0) throw { status: EARLY };
      return this.send("?by_clock=true");
    }).catch((fault) => {
      if (fault.status === EARLY) return this.goOn();
      this.news.textContent = fault.status === 401 ? this.say.news_signed_out : this.say.time_is_up_offline;
      setTimeout(() => this.handInByClock(), AGAIN);
    });
  }

  // Time is left after all, and the clock has been set right.
  goOn() {
    this.ask.hidden = false;
    this.news.textContent = "";
    if (location.hash === "#review") this.parts.sheets.go(this.before);
    this.parts.news.tell(this.parts.news.state, this.say.still_time);
    this.parts.clock.goOn();
  }

  leave() {
    this.parts.answers.closed = true;
    return this.parts.answers.store.clear().then(() => { location.href = this.parts.result; });
  }
}
