/* The part of a question where a photo is taken or chosen: what it shows and says; who uses it decides what becomes of a photo. */
import { read, shrink } from "./shrink.js";

export class Frame {
  /* `chosen(blob)` gets a photo made small, `removed()` hears that there is to be none. */
  constructor(part, chosen, removed) {
    this.part = part;
    this.image = part.querySelector("img");
    this.input = part.querySelector("input[type=file]");
    this.away = part.querySelector("[data-photo-away]");
    this.bar = part.querySelector("progress");
    this.line = part.querySelector(".photo-said");
    this.label = part.querySelector("[data-photo-pick]");
    this.first = this.label.textContent;
    this.input.addEventListener("change", () => this.pick(chosen));
    this.away.addEventListener("click", () => { this.show(""); this.say(""); removed(); this.input.focus(); });
  }

  pick(chosen) {
    const file = this.input.files[0];
    this.input.value = ""; // the same photo may be chosen again
    if (!file) return;
    this.say("making");
    shrink(file).then((blob) => this.showBlob(blob).then(() => chosen(blob)))
      .catch((fault) => this.say(fault.message === "large" ? "large" : "unreadable"));
  }

  showBlob(blob) {
    return read(blob).then((address) => this.show(address));
  }

  show(address) {
    if (address) this.image.src = address;
    else this.image.removeAttribute("src");
    this.image.hidden = this.away.hidden = !address;
    this.label.textContent = address ? this.part.getAttribute("data-say-change") : this.first;
  }

  /* Say one of the part's own sentences, or nothing; with a share of 1, how much has been sent. */
  say(about, share) {
    const percent = Math.round(100 * (share || 0));
    this.line.textContent = about ? (this.part.getAttribute("data-say-" + about) || "").replace("{n}", String(percent)) : "";
    this.bar.hidden = about !== "sending";
    this.bar.value = percent;
  }

  tell(sentence) {
    this.say("");
    this.line.textContent = sentence;
  }
}
