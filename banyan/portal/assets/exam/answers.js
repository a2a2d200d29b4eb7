// Answers: kept on the phone at once, sent in order of need, sent again until the server says it has them.
//
// The number of an answer (seq) is the server's time of giving it, in milliseconds: what was given last wins, on
// whichever phone, and a late resend of an old answer changes nothing.
const TYPING = 700; // ms of rest before a text is sent
const RETRY = [1000, 2000, 4000, 8000, 15000, 30000];

export class Answers {
  constructor(store, post, clock, news) {
    this.store = store;
    this.post = post;
    this.clock = clock;
    this.news = news;
    this.entries = new Map();
    this.failures = 0;
    this.timer = 0;
    this.busy = null;
    this.closed = false;
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  // Put together what the server has and what this phone kept; the later one of each shows.
  restore(given, page) {
    given.forEach((each) => this.entries.set(each.slot, { slot: each.slot, seq: each.seq, value: each.value, sent: true }));
    return this.store.all().then((kept) => {
      kept.forEach((each) => {
        const known = this.entries.get(each.slot);
        if (known && each.seq > known.seq) {
          this.entries.set(each.slot, { slot: each.slot, seq: each.seq, value: each.value, blob: each.blob, before: each.before, sent: false });
        }
      });
      this.entries.forEach((entry) => {
        const sheet = page.querySelector('[data-slot="' + entry.slot + '"]');
        if (sheet && entry.value !== null) window.BanyanQuestions.fill(sheet, entry.value);
      });
      this.flush();
    });
  }

  value(slot) {
    const entry = this.entries.get(slot);
    return entry ? entry.value : null;
  }

  // `blob` is a file, which is sent by another way (photos.js); `before` is what stands again if it is refused.
  keep(slot, value, sheet, blob, before) {
    if (this.closed) return;
    const known = this.entries.get(slot);
    const seq = Math.max(Math.floor(this.clock.now()), (known ? known.seq : 0) + 1);
    const entry = blob ? { slot, seq, value, blob, before, sent: false } : { slot, seq, value, sent: false };
    this.entries.set(slot, entry);
    this.store.put(entry);
    this.news.tell(this.news.state === "saved" ? "saving" : this.news.state);
    this.flushIn(sheet.querySelector("[data-question] textarea, [data-question] input[type=text]") ? TYPING : 0);
  }

  waiting() {
    return Array.from(this.entries.values()).filter((each) => !each.sent);
  }

  flushIn(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  // Send everything that waits; resolves to whether nothing waits any more.
  flush() {
    if (!this.busy) {
      this.busy = this.sendAll().then(
        () => { this.failures = 0; },
        (fault) => this.fail(fault)
      ).then(() => {
        this.busy = null;
        const left = this.waiting().length;
        if (!left && ["saving", "offline"].indexOf(this.news.state) >= 0) this.news.tell("saved");
        return !left;
      });
    }
    return this.busy;
  }

  sendAll() {
    const next = this.waiting().find((each) => !each.blob);
    if (!next || this.closed) return Promise.resolve();
    return this.post.put("/answers/" + next.slot, { seq: next.seq, value: next.value }).then(
      () => this.settle(next),
      (fault) => {
        if (fault.status !== 422) throw fault;
        this.settle(next); // it will never be taken; say so, and let the others through
        this.news.tell("refused", fault.message);
      }
    ).then(() => this.sendAll());
  }

  settle(entry) {
    entry.sent = true;
    if (this.entries.get(entry.slot) !== entry) return; // a newer one took its place meanwhile, also on the phone
    if (this.news.state === "refused") this.news.tell("saving");
    this.store.put(entry);
  }

  // Say why nothing can be sent; returns whether it is of no use to try again by itself.
  saysWhy(fault) {
    if (fault.status === 410) this.close(fault.message);
    else this.news.tell(fault.status === 401 ? "signed_out" : fault.status === 403 ? "stale" : "offline");
    return [401, 403, 410].indexOf(fault.status) >= 0;
  }

  fail(fault) {
    if (this.saysWhy(fault)) return;
    const pause = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.flushIn(pause);
  }

  close(sentence) {
    this.closed = true;
    this.store.clear();
    this.news.tell("refused", sentence);
    if (this.onClosed) this.onClosed();
  }
}
