/* Where what is not sent yet lies on the phone: IndexedDB, or memory where a browser has none for us.
 *
 * Several pages of one reader may be open. Whoever sends a thing takes it first, for a while: nobody else sends it
 * meanwhile, and if its page goes away another takes it up.
 */
const NAME = "banyan-lesson-queue";
const TABLE = "items";
const TAKEN = 30000; // ms a page may need to send one thing
const me = Date.now() + "-" + Math.random();

function opened() {
  return new Promise(function (resolve, reject) {
    const request = window.indexedDB.open(NAME, 1);
    request.onupgradeneeded = function () {
      request.result.createObjectStore(TABLE, { keyPath: "at" }).createIndex("reader", "reader");
    };
    request.onsuccess = function () { resolve(request.result); };
    request.onerror = function () { reject(request.error); };
    request.onblocked = function () { reject(new Error("blocked")); };
  });
}

function taken(item) {
  item.by = me;
  item.until = Date.now() + TAKEN;
  return item;
}

function free(item) {
  return item.by === me || !(item.until > Date.now());
}

/* One deal with the table: `verb` gets it with the reader's items, oldest first, and returns what the deal is to give. */
function deal(db, reader, verb) {
  return new Promise(function (resolve, reject) {
    const transaction = db.transaction(TABLE, "readwrite");
    const table = transaction.objectStore(TABLE);
    let given;
    table.index("reader").getAll(reader).onsuccess = function (event) {
      given = verb(table, event.target.result.sort(function (a, b) { return a.at - b.at; }));
    };
    transaction.oncomplete = function () { resolve(given); };
    transaction.onabort = transaction.onerror = function () { reject(transaction.error); };
  });
}

/* The same table in memory: without room or in private browsing things are sent all the same. */
function memory() {
  let items = [];
  const table = {
    put: function (item) { table.delete(item.at); items.push(item); },
    delete: function (at) { items = items.filter(function (each) { return each.at !== at; }); }
  };
  return function (verb) {
    return Promise.resolve(verb(table, items.slice().sort(function (a, b) { return a.at - b.at; })));
  };
}

export function storeOf(reader) {
  const spare = memory();
  const ready = opened().catch(function () { return null; });

  function run(verb) {
    return ready.then(function (db) {
      return db ? deal(db, reader, verb).catch(function () { return spare(verb); }) : spare(verb);
    });
  }

  return {
    all: function () { return run(function (table, items) { return items; }); },

    /* Keeps a thing instead of what `same` says it replaces; it is taken by this page at once. */
    put: function (item, same) {
      return run(function (table, items) {
        items.forEach(function (each) { if (free(each) && same(each, item)) table.delete(each.at); });
        table.put(Object.assign(taken(item), { reader: reader }));
      });
    },

    /* Takes the oldest thing nobody else has. */
    take: function () {
      return run(function (table, items) {
        const next = items.filter(free)[0];
        if (next) table.put(taken(next));
        return next;
      });
    },

    release: function (item) {
      return run(function (table, items) {
        const kept = items.filter(function (each) { return each.at === item.at; })[0];
        if (kept) table.put(Object.assign(kept, { until: 0 }));
      });
    },

    remove: function (item) { return run(function (table) { table.delete(item.at); }); }
  };
}
