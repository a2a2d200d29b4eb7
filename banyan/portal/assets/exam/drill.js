// The drill: the server shows one situation at a time and takes one choice at a time; nothing is taken back.
import { fill } from "./clock.js";

export class Drill {
  constructor(sheet, say, post, sheets) {
    this.sheet = sheet;
    this.say = say;
    this.post = post;
    this.sheets = sheets;
    this.scene = sheet.querySelector("[data-scene]");
    this.log = sheet.querySelector("[data-log]");
    this.button = sheet.querySelector("[data-take]");
    this.news = sheet.querySelector("[data-drill-news]");
    this.button.addEventListener("click", () => this.take());
    this.paint(Number(this.button.getAttribute("data-take")));
  }

  paint(number) {
    const ended = this.sheet.getAttribute("data-drill") === "ended";
    this.number = number;
    this.button.hidden = ended;
    window.BanyanQuestions.enhance(this.scene);
  }

  take() {
    const choice = window.BanyanQuestions.value(this.scene);
    if (choice === null) {
      this.news.textContent = this.say.choose_first;
      return;
    }
    this.button.disabled = true;
    this.news.textContent = this.say.drill_wait;
    this.post.post("/steps", { slot: this.sheet.getAttribute("data-slot"), number: this.number, choice }).then(
      (state) => this.went(state),
      (fault) => this.failed(fault)
    ).then(() => { this.button.disabled = false; });
  }

  went(state) {
    this.news.textContent = "";
    this.log.innerHTML = state.log; // our own server's, escaped there
    this.scene.innerHTML = state.scene;
    this.sheet.setAttribute("data-drill", state.ended ? "ended" : "open");
    this.paint(state.number);
    this.sheets.show(true);
  }

  failed(fault) {
    if (fault.status === 0 || fault.status >= 500) this.news.textContent = this.say.drill_offline;
    else if (fault.status === 401) this.news.textContent = this.say.news_signed_out;
    else this.news.textContent = fault.message || fill(this.say.drill_offline, {});
  }
}
