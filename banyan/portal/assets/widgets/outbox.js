/* What was said to the kernel and is not yet answered, in order: kept until it is, whatever happens to the line.
 *
 * An entry is {said, comm, statuses, seen}; `seen` once this kernel began to work on it. */
export class Outbox {
  constructor() {
    this.entries = new Map();
  }

  get isEmpty() { return this.entries.size === 0; }

  get isSeen() { return this.list().some(function (entry) { return entry.seen; }); }

  list() { return Array.from(this.entries.values()); }

  of(comm) { return this.list().filter(function (entry) { return entry.comm === comm; }); }

  keep(entry) {
    this.entries.set(entry.said.header.msg_id, entry);
    return entry;
  }

  /* A status of the kernel: what it begins is seen, what it has done is answered. */
  take(status) {
    const name = status.parent_header.msg_id;
    const entry = this.entries.get(name);
    if (!entry) return;
    if (status.content.execution_state !== "idle") {
      entry.seen = true;
      return;
    }
    this.entries.delete(name);
    if (entry.statuses) entry.statuses(status);
  }

  /* The kernel has answered something said later: what it had begun is done, though the line was lost when it said so. */
  settle() {
    this.list().filter(function (entry) { return entry.seen; }).forEach(function (entry) {
      this.take({ parent_header: entry.said.header, content: { execution_state: "idle" } });
    }, this);
  }

  clear() {
    const all = this.list();
    this.entries.clear();
    return all;
  }
}
