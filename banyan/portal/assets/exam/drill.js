// A drill or a simulation: the server shows one situation at a time and takes one choice at a time; nothing is taken back.
// A choice the server has not answered stays on the phone and is sent again; sent twice it is one.
const RETRY = 10000; // ms

export class Drill {
  constructor(sheet, say, post, parts) {
    this.sheet = sheet;
    this.say = say;
    this.post = post;
    this.sheets = parts.sheets;
    this.slot = sheet.getAttribute("data-slot");
    this.key = "banyan-step-" + parts.attempt + "-" + this.slot;
    this.scene = sheet.querySelector("[data-scene]");
    this.log = sheet.querySelector("[data-log]");
    this.button = sheet.querySelector("[data-take]");
    this.news = sheet.querySelector("[data-drill-news]");
    this.button.addEventListener("click", () => this.take());
    window.addEventListener("online", () => this.flush());
    this.paint(Number(this.button.getAttribute("data-take")));
    this.pending = kept(this.key);
    if (this.pending && this.pending.number < this.number) this.forget(); // the server had taken it
    this.flush();
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
    this.pending = { number: this.number, choice };
    keep(this.key, this.pending);
    this.flush();
  }

  // Send what waits; resolves to whether nothing waits any more.
  flush() {
    if (!this.pending) return Promise.resolve(true);
    if (this.busy) return this.busy;
    this.freeze(true);
    this.news.textContent = this.say.drill_wait;
    const step = Object.assign({ slot: this.slot }, this.pending);
    this.busy = this.post.post("/steps", step).then((state) => this.went(state), (fault) => this.failed(fault)).then(() => {
      this.busy = null;
      return !this.pending;
    });
    return this.busy;
  }

  // What was chosen cannot be chosen again while it is on its way.
  freeze(on) {
    this.button.disabled = on;
    Array.prototype.forEach.call(this.scene.querySelectorAll("input"), (input) => {
      if (on && this.pending.choice === input.value) input.checked = true;
      input.disabled = on;
    });
  }

  forget() {
    this.pending = null;
    keep(this.key, null);
  }

  went(state) {
    const moved = !this.sheet.hidden;
    this.forget();
    this.news.textContent = "";
    this.log.innerHTML = state.log; // our own server's, escaped there
    this.scene.innerHTML = state.scene;
    this.sheet.setAttribute("data-drill", state.ended ? "ended" : "open");
    this.button.disabled = false;
    this.paint(state.number);
    if (moved) this.sheets.show(true);
    else this.sheets.count();
  }

  failed(fault) {
    if (fault.status === 401) {
      this.news.textContent = this.say.news_signed_out;
    } else if (fault.status === 403) {
      this.news.textContent = fault.message + " " + this.say.news_stale; // a seal too old, or a step taken on another phone
    } else if (fault.status === 0 || fault.status >= 500) {
      this.news.textContent = this.say.drill_offline;
      setTimeout(() => this.flush(), RETRY);
    } else {
      this.forget(); // it will never be taken
      this.freeze(false);
      this.news.textContent = fault.message || this.say.drill_offline;
    }
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch (fault) {
    return null;
  }
}

function keep(key, step) {
  try {
    if (step) localStorage.setItem(key, JSON.stringify(step));
    else localStorage.removeItem(key);
  } catch (fault) {
    // A browser that keeps nothing still sends it while the page is open.
  }
}
