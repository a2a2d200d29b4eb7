/* The part of a question where a photo is taken or a file chosen: what it shows and says; who uses it decides what becomes of it. */
import { PDF, pdf } from "./document.js";
import { read, shrink } from "./shrink.js";

export class Frame {
  /* `chosen(blob)` gets a photo made small, or a document, `removed()` hears that there is to be none. */
  constructor(part, chosen, removed) {
    this.part = part;
    this.accepts = part.getAttribute("data-takes").split(" ");
    this.image = part.querySelector("img");
    this.tile = part.querySelector("[data-document]");
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
    this.made(file).then((blob) => this.showBlob(blob, file.name).then(() => chosen(blob)))
      .catch((fault) => this.say(fault.message === "large" ? "large" : "unreadable"));
  }

  /* Resolves to what is to be sent of a file, told by what it holds; rejects with an Error "unreadable" or "large". */
  made(file) {
    return pdf(file).then((found) => {
      if (found && this.takes("pdf")) return found;
      if (!found && this.takes("photo")) {
        this.say("making");
        return shrink(file);
      }
      throw new Error("unreadable");
    });
  }

  takes(kind) {
    return this.accepts.indexOf(kind) >= 0;
  }

  showBlob(blob, name) {
    if (blob.type !== PDF) return read(blob).then((address) => this.show(address));
    this.showDocument("", name || "PDF");
    return Promise.resolve();
  }

  show(address) {
    if (this.image && address) this.image.src = address;
    else if (this.image) this.image.removeAttribute("src");
    this.showing(address ? "photo" : "");
  }

  /* Show a document that is with the server, by its address and how many pages it has, or one on this phone by its name. */
  showDocument(address, words) {
    const link = this.tile.querySelector("[data-document-link]");
    const pages = this.part.getAttribute("data-say-pages");
    this.tile.querySelector("[data-document-words]").textContent = address ? pages.replace("{n}", String(words)) : words;
    link.hidden = !address;
    if (address) link.href = address;
    this.showing("pdf");
  }

  showing(kind) {
    this.kind = kind;
    if (this.image) this.image.hidden = kind !== "photo";
    if (this.tile) this.tile.hidden = kind !== "pdf";
    this.away.hidden = !kind;
    this.label.textContent = kind ? this.part.getAttribute("data-say-change") : this.first;
  }

  /* Say one of the part's own sentences, or nothing; with a share of 1, how much has been sent. */
  say(about, share) {
    const percent = Math.round(100 * (share || 0));
    const words = (this.kind === "pdf" && this.part.getAttribute("data-say-" + about + "-pdf")) || this.part.getAttribute("data-say-" + about);
    this.line.textContent = about ? (words || "").replace("{n}", String(percent)) : "";
    this.bar.hidden = about !== "sending";
    this.bar.value = percent;
  }

  tell(sentence) {
    this.say("");
    this.line.textContent = sentence;
  }
}
