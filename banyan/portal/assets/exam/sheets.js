// One question at a time, all of them in the page. The address says which (#3, #review), so that the phone's own
// "back" goes to the question before and never out of the exam by surprise.
import { fill } from "./clock.js";

export class Sheets {
  constructor(page, say, answers, attempt) {
    this.page = page;
    this.say = say;
    this.answers = answers;
    this.sheets = Array.from(page.querySelectorAll("[data-slot]"));
    this.review = page.querySelector("[data-review]");
    this.sos = page.querySelector("[data-sos]");
    this.flags = new Flags(attempt);
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
    this.sheets.concat(this.review).forEach((sheet) => { sheet.hidden = sheet !== shown; });
    const place = this.sheets.indexOf(shown);
    const drill = place >= 0 && shown.querySelector(".drill") !== null;
    this.sos.hidden = !drill;
    this.page.classList.toggle("has-sos", drill);
    this.page.querySelector("[data-place]").textContent = place >= 0 ? String(place + 1) : this.say.review;
    this.page.querySelector("[data-of]").hidden = place < 0;
    this.page.querySelector("[data-bar]").value = this.sheets.filter((sheet) => this.isAnswered(sheet)).length;
    if (shown === this.review) this.paintReview();
    if (moved) {
      window.scrollTo(0, 0);
      shown.focus({ preventScroll: true });
    }
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
