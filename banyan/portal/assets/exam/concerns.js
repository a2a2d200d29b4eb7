// 这题有问题, 看不懂: told to the trainer at once, or kept on the phone until there is a line; the exam goes on.
const RETRY = 15000; // ms
const NEVER = [404, 409, 410, 422];

export class Concerns {
  constructor(page, say, post, attempt) {
    this.page = page;
    this.say = say;
    this.post = post;
    this.key = "banyan-concerns-" + attempt;
    this.busy = false;
    page.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("online", () => this.flush());
    setInterval(() => this.flush(), RETRY);
    this.flush();
  }

  clicked(event) {
    const button = event.target.closest("[data-concern]");
    if (button) {
      const panel = button.closest(".concern");
      const slot = button.closest("[data-slot]").getAttribute("data-slot");
      const said = { slot: slot, kind: button.getAttribute("data-concern"), words: panel.querySelector("textarea").value };
      this.keep(this.kept().filter((each) => each.slot !== slot).concat([said]));
      this.flush();
    } else if (event.target.closest("[data-hand-in]")) {
      this.flush();
    }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || [];
    } catch (fault) {
      return this.memory || [];
    }
  }

  keep(all) {
    this.memory = all;
    try {
      localStorage.setItem(this.key, JSON.stringify(all));
    } catch (fault) { /* in memory it is sent all the same */ }
  }

  flush() {
    const next = this.kept()[0];
    if (!next || this.busy) return;
    this.busy = true;
    this.post.post("/concerns", next).then(
      () => this.settle(next, this.say.concern_told),
      (fault) => {
        if (NEVER.indexOf(fault.status) >= 0) this.settle(next, fault.message);
        else this.tell(next.slot, this.say.concern_waiting, false);
      }
    ).then(() => { this.busy = false; });
  }

  settle(said, sentence) {
    this.keep(this.kept().filter((each) => JSON.stringify(each) !== JSON.stringify(said)));
    this.tell(said.slot, sentence, true);
    setTimeout(() => this.flush(), 0);
  }

  tell(slot, sentence, over) {
    const panel = this.page.querySelector('[data-slot="' + slot + '"] .concern');
    if (!panel) return;
    panel.querySelector("[data-concern-said]").textContent = sentence;
    panel.querySelector("[data-concern-form]").hidden = over;
  }
}
