/* A service worker: what somebody opened of the lessons, and the day's three questions, reads without a line.
 *
 * A page is asked for first and kept as it came, with the scripts and styles it names; without an answer, or when none
 * comes in time, what was kept is shown. So a new release or a new front end takes the place of the old one the next
 * time the lesson is opened with a line. The kept pages belong to one reader, whose mark they carry (data-reader): the
 * first page of another clears them, as do the pages of signing in and out. Nothing else goes through here.
 */
import { DAILY, KEPT as LESSONS } from "./lesson/names.js";

const BASE = new URL(self.registration.scope).pathname;
const ALONE = BASE.slice(-1) !== "/"; // 每日三题 is one page, and all this worker reaches
const KEPT = ALONE ? DAILY : LESSONS;
const FORM = KEPT + "1-";
const STATIC = "/services/portal/static/";
const AWAY = "away"; // the page for a lesson that is not kept; a lesson has two parts to its address
const LESSON = /^(?!api\/)[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9][A-Za-z0-9_-]*$/;
const PATIENCE = 6000; // ms a reader waits for a fresh page while an older one is at hand
const DAY = 24 * 3600 * 1000; // ms
const MOST = 40; // lessons
const QUIETLY = { credentials: "same-origin", mode: "no-cors" }; // as a picture is fetched: the hub asks for no seal
const PASSED_ON = ["content-type", "content-security-policy", "x-content-type-options", "referrer-policy"];

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => {
  event.waitUntil(only((name) => name.indexOf(FORM) === 0).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const address = event.data && event.data.keep;
  if (address && isOurs(new URL(address))) {
    event.waitUntil(fetch(address, QUIETLY).then((reply) => keep(address, reply)).catch(() => null));
  }
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && isOurs(address)) event.respondWith(page(event));
  else if (address.pathname.indexOf(STATIC) === 0) event.respondWith(fixed(event.request));
});

function isOurs(address) {
  if (ALONE) return address.pathname === BASE;
  return address.pathname.indexOf(BASE) === 0 && LESSON.test(address.pathname.slice(BASE.length));
}

function nameOf(address) {
  return address.split("#")[0].split("?")[0];
}

/* Only one reader's pages are ever here. */
function found(address) {
  return self.caches.match(address, { ignoreVary: true });
}

function fixed(request) {
  return found(request.url).then((kept) => kept || fetch(request));
}

function page(event) {
  const address = nameOf(event.request.url);
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((reply) => (isWhole(reply) ? keep(address, reply.clone()) : null)).catch(() => null));
  const good = fresh.then((reply) => (reply.status >= 500 ? found(address).then((kept) => kept || reply) : reply));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => found(address)).then((kept) => kept || good);
  return Promise.race([good, late]).catch(() => found(address).then((kept) => kept || away(address)));
}

function isWhole(reply) {
  return reply.status === 200 && (reply.headers.get("content-type") || "").indexOf("text/html") === 0;
}

function only(keeping) {
  return self.caches.keys().then((names) => {
    return Promise.all(names.filter((name) => name.indexOf(KEPT) === 0 && !keeping(name)).map((name) => self.caches.delete(name)));
  });
}

/* Keeps a lesson's page once everything it names is kept. What is no lesson (a way to sign in, an excuse) is let be. */
function keep(address, reply) {
  if (!isWhole(reply)) return null;
  const headers = {};
  PASSED_ON.filter((each) => reply.headers.has(each)).forEach((each) => { headers[each] = reply.headers.get(each); });
  return reply.text().then((html) => {
    const reader = / data-reader="([0-9a-f]+)"/.exec(html);
    if (!reader) return null;
    const name = FORM + reader[1];
    return only((each) => each === name).then(() => self.caches.open(name)).then((cache) => {
      return add(cache, named(html))
        .then(() => cache.put(nameOf(address), new Response(plain(html), { headers })))
        .then(() => tidy(cache))
        .then(() => keepAway(cache, spoken(html)));
    });
  });
}

function named(html) {
  return (html.match(/(?:src|href)="[^"]+"/g) || []).map((each) => each.slice(each.indexOf('"') + 1, -1))
    .filter((each) => each.indexOf(STATIC) === 0);
}

/* A seal of a form is the reader's own and of no use without a line. */
function plain(html) {
  return html.replace(/(name="_xsrf" value=")[^"]*/g, "$1");
}

/* In which language and size a page is. */
function spoken(html) {
  return (/<html [^>]+>/.exec(html) || [""])[0];
}

function add(cache, addresses) {
  return Promise.all(addresses.map((each) => cache.match(each).then((kept) => kept || cache.add(each))));
}

/* Drops the lessons opened longest ago, then what none of the others names. */
function tidy(cache) {
  return cache.keys().then((requests) => {
    const pages = requests.map((each) => each.url).filter((each) => isOurs(new URL(each)));
    const dropped = pages.slice(0, Math.max(0, pages.length - MOST));
    return Promise.all(dropped.map((each) => cache.delete(each))).then(() => unused(cache, pages.slice(dropped.length)));
  });
}

function unused(cache, pages) {
  return Promise.all(pages.map((each) => cache.match(each).then((reply) => reply.text()).then(named))).then((lists) => {
    const used = [].concat(...lists);
    return cache.keys().then((requests) => Promise.all(requests.map((each) => {
      const address = new URL(each.url);
      const needed = address.pathname.indexOf(STATIC) !== 0 || used.indexOf(address.pathname + address.search) >= 0;
      return needed ? null : cache.delete(each);
    })));
  });
}

/* The page that says what is not kept, as its reader reads now; its numbers to ring are a day old at most. */
function keepAway(cache, wanted) {
  if (ALONE) return null;
  return cache.match(BASE + AWAY).then((kept) => (kept ? kept.text().then((html) => isOf(kept, html, wanted)) : false)).then((good) => {
    if (good) return null;
    return fetch(BASE + AWAY, QUIETLY).then((reply) => (isWhole(reply) ? cache.put(BASE + AWAY, reply) : null));
  }).catch(() => null);
}

function isOf(kept, html, wanted) {
  return spoken(html) === wanted && Date.now() - Date.parse(kept.headers.get("date")) < DAY;
}

/* Lists what can be read instead; without that page the browser says in its own words that there is no line. */
function away() {
  return found(BASE + AWAY).then((kept) => {
    if (!kept) return Response.error();
    return Promise.all([kept.text(), links()]).then(([html, list]) => {
      const headers = { "content-type": "text/html; charset=utf-8" };
      const policy = kept.headers.get("content-security-policy");
      if (policy) headers["content-security-policy"] = policy;
      return new Response(html.replace("<!--kept-->", () => list), { headers });
    });
  });
}

function links() {
  return self.caches.keys().then((names) => {
    const name = names.filter((each) => each.indexOf(FORM) === 0)[0];
    return self.caches.open(name).then((cache) => cache.keys().then((requests) => {
      return Promise.all(requests.filter((each) => isOurs(new URL(each.url))).map((each) => {
        return cache.match(each).then((reply) => reply.text()).then((html) => link(each.url, html));
      }));
    }));
  }).then((list) => list.join(""));
}

function link(address, html) {
  const title = (/<h1>([^<]*)<\/h1>/.exec(html) || ["", ""])[1]; // as the page wrote it, escaped
  return '<li><a href="' + new URL(address).pathname + '">' + title + "</a></li>";
}
