// Photos and documents as answers: kept on the phone like every answer, and sent beside the others, so that a slow one holds nobody up.
import { Frame } from "../photo/frame.js";

const RETRY = [2000, 5000, 15000, 30000];
const STILL = 45000; // ms in which not a byte went out: the line is gone
const NEVER = [404, 409, 413, 422];

export class Photos {
  constructor(page, parts) {
    this.parts = parts;
    this.frames = new Map();
    this.failures = 0;
    this.timer = 0;
    Array.prototype.forEach.call(page.querySelectorAll("[data-slot] [data-photo]"), (part) => this.enhance(part));
  }

  enhance(part) {
    const sheet = part.closest("[data-slot]");
    const slot = sheet.getAttribute("data-slot");
    const frame = new Frame(part, (blob) => this.chosen(slot, sheet, blob), () => this.chosen(slot, sheet, null));
    this.frames.set(slot, frame);
    sheet.addEventListener("banyan:filled", (event) => this.filled(slot, frame, event.detail.value));
  }

  begin() {
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  chosen(slot, sheet, blob) {
    this.parts.answers.keep(slot, blob ? { waiting: true } : null, sheet, blob, blob ? this.standing(slot) : null);
    if (this.asked && this.asked.slot === slot) this.asked.request.abort();
    if (blob) this.frames.get(slot).say("waiting");
    sheet.dispatchEvent(new CustomEvent("banyan:photo", { bubbles: true }));
    this.flush();
  }

  // What the server holds of a slot while something newer is on its way.
  standing(slot) {
    const entry = this.parts.answers.entries.get(slot);
    if (!entry) return null;
    return entry.blob ? entry.before || null : entry.value;
  }

  // What another visit left: on this phone, or with the server.
  filled(slot, frame, value) {
    const entry = this.parts.answers.entries.get(slot);
    if (entry && entry.blob) {
      frame.showBlob(entry.blob).then(() => frame.say("waiting"));
      this.flush();
    } else if (value && value.digest) {
      this.showKept(slot, value);
      frame.say("kept");
    } else {
      frame.show("");
    }
  }

  showKept(slot, value) {
    const address = this.parts.post.url + "/files/" + slot + "?of=" + value.digest;
    if (value.pages) this.frames.get(slot).showDocument(address, value.pages);
    else this.frames.get(slot).show(address);
  }

  next() {
    return this.parts.answers.waiting().find((each) => each.blob);
  }

  // Send what waits; resolves once nothing waits, or nothing can be sent now.
  flush() {
    clearTimeout(this.timer);
    if (!this.next() || this.parts.answers.closed) return Promise.resolve();
    if (!this.busy) {
      this.busy = this.send(this.next()).then(() => {
        this.busy = null;
        return this.next() && !this.timer ? this.flush() : this.parts.answers.flush();
      });
    }
    return this.busy;
  }

  send(entry) {
    this.timer = 0;
    return this.upload(entry).then((said) => {
      this.failures = 0;
      if (!this.isCurrent(entry)) return;
      entry.value = said.value;
      if (said.value.pages) this.showKept(entry.slot, said.value);
      this.settle(entry, "kept");
    }, (fault) => { if (this.isCurrent(entry)) this.failed(entry, fault); });
  }

  isCurrent(entry) {
    return this.parts.answers.entries.get(entry.slot) === entry;
  }

  settle(entry, about) {
    delete entry.blob;
    delete entry.before;
    this.parts.answers.settle(entry);
    this.frames.get(entry.slot).say(about);
  }

  failed(entry, fault) {
    if (NEVER.indexOf(fault.status) >= 0) {
      entry.value = entry.before || null;
      this.settle(entry, "");
      if (entry.value) this.showKept(entry.slot, entry.value);
      else this.frames.get(entry.slot).show("");
      this.frames.get(entry.slot).tell(fault.message);
      this.frames.get(entry.slot).input.dispatchEvent(new CustomEvent("banyan:photo", { bubbles: true }));
      return;
    }
    this.frames.get(entry.slot).say("waiting");
    if (this.parts.answers.saysWhy(fault)) return;
    this.timer = setTimeout(() => this.flush(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  // fetch tells no progress, so the old way.
  upload(entry) {
    const frame = this.frames.get(entry.slot);
    const request = new XMLHttpRequest();
    this.asked = { slot: entry.slot, request };
    let stop = 0;
    const wait = () => { clearTimeout(stop); stop = setTimeout(() => request.abort(), STILL); };
    return new Promise((resolve, reject) => {
      request.open("PUT", this.parts.post.url + "/files/" + entry.slot + "?seq=" + entry.seq);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRF-Token", this.parts.post.csrf);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => { wait(); frame.say("sending", event.total ? event.loaded / event.total : 0); };
      request.onload = () => {
        const said = read(request.responseText);
        if (said.now) this.parts.post.clock.hear(said.now, said.deadline);
        if (request.status === 200) resolve(said);
        else reject({ status: request.status, message: said.message || "" });
      };
      request.onerror = request.onabort = () => reject({ status: 0, message: "" });
      wait();
      request.send(entry.blob);
    }).then((said) => { clearTimeout(stop); return said; }, (fault) => { clearTimeout(stop); throw fault; });
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch (fault) {
    return {};
  }
}
