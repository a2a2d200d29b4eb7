// What was answered stays on the phone until the server has it: IndexedDB, or memory where a browser has none for us.
const NAME = "banyan-exam";
const TABLE = "answers";

export class Store {
  constructor(attempt) {
    this.attempt = attempt;
    this.memory = new Map();
    this.opened = open().catch(() => null);
  }

  // Keep {slot, seq, value, sent}.
  put(entry) {
    const kept = Object.assign({ attempt: this.attempt }, entry);
    this.memory.set(entry.slot, kept);
    return this.opened.then((db) => db && ask(db, "readwrite", (table) => table.put(kept))).catch(() => null);
  }

  // Return what this phone kept of this attempt.
  all() {
    return this.opened
      .then((db) => (db ? ask(db, "readonly", (table) => table.index("attempt").getAll(this.attempt)) : []))
      .catch(() => [])
      .then((kept) => kept.concat(Array.from(this.memory.values())));
  }

  // Forget the attempt once the server has frozen it.
  clear() {
    this.memory.clear();
    const slots = (db) => ask(db, "readonly", (table) => table.index("attempt").getAllKeys(this.attempt));
    const remove = (db, keys) => Promise.all(keys.map((key) => ask(db, "readwrite", (table) => table.delete(key))));
    return this.opened.then((db) => db && slots(db).then((keys) => remove(db, keys))).catch(() => null);
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = window.indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: ["attempt", "slot"] }).createIndex("attempt", "attempt");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function ask(db, mode, question) {
  return new Promise((resolve, reject) => {
    const deal = db.transaction(TABLE, mode);
    const request = question(deal.objectStore(TABLE));
    deal.oncomplete = () => resolve(request.result);
    deal.onabort = deal.onerror = () => reject(deal.error);
  });
}
