// One word on what is saved, and a sentence when the reader should know or do something.
export class News {
  constructor(page, say) {
    this.chip = page.querySelector("[data-saved]");
    this.line = page.querySelector("[data-news]");
    this.words = this.line.querySelector("[data-news-words]");
    this.link = this.line.querySelector("[data-news-link]");
    this.say = say;
    this.state = "saved";
  }

  // state: saved, saving, offline, signed_out, stale, refused; `sentence` replaces the state's own.
  tell(state, sentence) {
    if (state === this.state && !sentence) return;
    this.state = state;
    const tone = { saved: "", saving: "calm", offline: "due", signed_out: "due", stale: "due", refused: "lost" }[state];
    this.chip.className = "chip" + (tone ? " " + tone : "");
    this.chip.textContent = this.say["chip_" + state];
    const words = sentence || this.say["news_" + state] || "";
    this.words.textContent = words;
    this.line.className = "note exam-news " + (tone === "lost" ? "lost" : "due");
    this.line.hidden = !words;
    this.link.hidden = ["signed_out", "stale"].indexOf(state) < 0;
    this.link.textContent = this.say["link_" + state] || "";
  }
}
