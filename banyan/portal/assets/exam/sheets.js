// One question at a time or all below each other, all of them in the page. The address says which (#3, #review), so that
// the phone's own "back" goes to the question before and never out of the exam by surprise.
import { fill } from "./clock.js";
import { View } from "./view.js";

export class Sheets {
  constructor(page, say, answers, attempt) {
    this.page = page;
    this.say = say;
    this.answers = answers;
    this.sheets = Array.from(page.querySelectorAll("[data-slot]"));
    this.review = page.querySelector("[data-review]");
    this.sos = page.querySelector("[data-sos]");
    this.top = page.querySelector(".exam-top");
    this.flags = new Flags(attempt);
    this.view = new View(page);
    this.view.changed = () => this.show(true);
    page.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("hashchange", () => this.show(true));
  }

  begin() {
    this.sheets.forEach((sheet) => this.paintFlag(sheet));
    if (!this.named()) history.replaceState(null, "", "#" + (this.firstBlank() + 1));
    this.show(false);
  }

  named() {
    const name = location.hash.slice(1);
    if (name === "review") return this.review;
    return this.sheets.find((sheet) => sheet.id === "q" + name) || null;
  }

  firstBlank() {
    const blank = this.sheets.findIndex((sheet) => !this.isAnswered(sheet));
    return Math.max(blank, 0);
  }

  isAnswered(sheet) {
    if (sheet.hasAttribute("data-drill")) return sheet.getAttribute("data-drill") === "ended";
    const value = this.answers.value(sheet.getAttribute("data-slot"));
    return value !== null && value !== undefined;
  }

  go(where) {
    location.hash = "#" + where;
  }

  show(moved) {
    const shown = this.named() || this.sheets[0];
    const together = this.view.all && shown !== this.review;
    this.sheets.concat(this.review).forEach((sheet) => { sheet.hidden = together ? sheet === this.review : sheet !== shown; });
    this.page.classList.toggle("reviewing", shown === this.review);
    const drill = this.sheets.some((sheet) => !sheet.hidden && sheet.querySelector(".drill") !== null);
    this.sos.hidden = !drill;
    this.page.classList.toggle("has-sos", drill);
    this.count();
    if (shown === this.review) this.paintReview();
    if (together || moved) window.scrollTo(0, together && shown !== this.sheets[0] ? this.heightOf(shown) : 0);
    if (moved) shown.focus({ preventScroll: true });
  }

  heightOf(sheet) {
    return sheet.getBoundingClientRect().top + window.pageYOffset - this.top.offsetHeight;
  }

  // Say where one is, or among all questions how many are answered.
  count() {
    const place = this.sheets.indexOf(this.named() || this.sheets[0]);
    const answered = this.sheets.filter((sheet) => this.isAnswered(sheet)).length;
    const where = this.view.all ? fill(this.say.so_many, { n: answered }) : String(place + 1);
    this.page.querySelector("[data-place]").textContent = place >= 0 ? where : this.say.review;
    this.page.querySelector("[data-of]").hidden = place < 0;
    this.page.querySelector("[data-bar]").value = answered;
  }

  clicked(event) {
    const flag = event.target.closest("[data-flag]");
    if (flag) {
      const sheet = flag.closest("[data-slot]");
      this.flags.turn(sheet.getAttribute("data-slot"));
      this.paintFlag(sheet);
    }
  }

  paintFlag(sheet) {
    const on = this.flags.has(sheet.getAttribute("data-slot"));
    sheet.querySelector("[data-flag]").setAttribute("aria-pressed", String(on));
    sheet.querySelector("[data-flag]").textContent = on ? this.say.flagged : this.say.flag;
  }

  paintReview() {
    const links = this.review.querySelectorAll("[data-to]");
    let blanks = 0;
    this.sheets.forEach((sheet, place) => {
      const answered = this.isAnswered(sheet);
      const flagged = this.flags.has(sheet.getAttribute("data-slot"));
      blanks += answered ? 0 : 1;
      links[place].className = (answered ? "" : "blank") + (flagged ? " flagged" : "");
      links[place].querySelector("small").textContent = (answered ? this.say.answered : this.say.blank) + (flagged ? this.say.and_flag : "");
    });
    this.blanks = blanks;
    const flags = this.sheets.filter((sheet) => this.flags.has(sheet.getAttribute("data-slot"))).length;
    const said = blanks ? fill(this.say.blanks, { n: blanks }) : this.say.all_answered;
    this.review.querySelector("[data-review-words]").textContent = said + (flags ? fill(this.say.flags, { n: flags }) : "");
  }
}

class Flags {
  constructor(attempt) {
    this.key = "banyan-flags-" + attempt;
    try {
      this.slots = new Set(JSON.parse(localStorage.getItem(this.key) || "[]"));
    } catch (fault) {
      this.slots = new Set();
    }
  }

  has(slot) {
    return this.slots.has(slot);
  }

  turn(slot) {
    if (!this.slots.delete(slot)) this.slots.add(slot);
    try {
      localStorage.setItem(this.key, JSON.stringify(Array.from(this.slots)));
    } catch (fault) {
      // A browser that keeps nothing still lets one mark questions while the page is open.
    }
  }
}
