/* What a reader did is kept on the phone first and taken off when the server has it.
 *
 * The queue belongs to one reader, since phones are shared; of the same step or question only the latest is kept.
 */
import { forget } from "./forget.js";
import { call, isAway } from "./line.js";
import { fallSilent, notify, tellState } from "./notice.js";
import { course, lesson, reader } from "./page.js";
import { storeOf } from "./store.js";

const RETRY = 15000;
const NEVER = [400, 404, 413, 422];
const SIGN_IN = [401, 403]; // not signed in, or signed in anew since this page came

const store = storeOf(reader);
let sending = null;
let trouble = "";
let busy = false;
const waiting = []; // what this page was asked to send and has no answer to, with who waits for it
const heard = [];
const noted = [];

export function queued() {
  return store.all();
}

/* `verb(item, said)` hears what the service says of each thing once it has it, whichever visit it is of. */
export function whenAnswered(verb) {
  heard.push(verb);
}

/* `verb(item)` hears of each thing this page puts into the queue. */
export function whenQueued(verb) {
  noted.push(verb);
}

function same(a, b) {
  return a.path === b.path && ["course", "lesson", "step", "question", "day"].every(function (key) { return a.body[key] === b.body[key]; });
}

/* Resolves to what the service says of it once it has it; rejects when it cannot be sent now ("later") or ever. */
export function enqueue(path, what) {
  busy = true;
  const item = { path: path, body: Object.assign({ course: course, lesson: lesson }, what), at: Date.now() + Math.random() };
  tellState("sending");
  noted.forEach(function (verb) { verb(item); });
  return new Promise(function (resolve, reject) {
    waiting.push({ item: item, resolve: resolve, reject: reject, posted: false });
    store.put(item, same).then(send);
  });
}

function post(item) {
  waiting.forEach(function (each) { if (each.item.at === item.at) each.posted = true; });
  return call(item.path, { method: "POST", body: JSON.stringify(item.body), keepalive: true });
}

/* A page that goes away says what it has not said yet; the server takes a thing said twice as one. */
function sayAll() {
  waiting.filter(function (each) { return !each.posted; }).forEach(function (each) {
    post(each.item).then(function (reply) { return settle(each.item, reply); });
  });
}

/* Something of this reader is kept on the server. */
export function begun() {
  busy = true;
  tell();
}

export function signedOut() {
  trouble = "signed-out";
  forget();
  tell();
}

export function send() {
  if (!sending) {
    sending = sendNext().then(function () {
      sending = null;
      return tell();
    });
    return;
  }
  sending.then(function () { if (waiting.some(function (each) { return !each.posted; })) send(); });
}

function sendNext() {
  return store.take().then(function (item) {
    if (!item) return null;
    return post(item).then(function (reply) { return settle(item, reply); }).then(function (goOn) {
      return goOn ? sendNext() : giveUp();
    });
  });
}

/* Returns whether to go on: what was kept, or never will be, leaves the phone. */
function settle(item, reply) {
  const kept = reply.status === 200;
  const never = NEVER.indexOf(reply.status) >= 0;
  const shut = SIGN_IN.indexOf(reply.status) >= 0;
  if (trouble === "signed-out" && !shut) fallSilent("signed-out"); // signed in again on another page
  trouble = shut ? "signed-out" : never ? "failed" : "";
  if (reply.status === 401) forget();
  return (kept || never ? store.remove(item) : store.release(item)).then(function () {
    waiting.slice().forEach(function (each) {
      if (each.item.at !== item.at) return;
      waiting.splice(waiting.indexOf(each), 1);
      if (kept) each.resolve(reply.said);
      else each.reject(new Error(never ? String(reply.status) : "later"));
    });
    if (kept) heard.forEach(function (verb) { verb(item, reply.said); });
    return kept || never;
  });
}

/* Nobody waits at the screen for what will be sent later. */
function giveUp() {
  waiting.splice(0).forEach(function (each) { each.reject(new Error("later")); });
}

export function tell() {
  return store.all().then(function (items) {
    const left = items.length;
    tellState(trouble || (left ? "waiting" : busy ? "kept" : ""));
    if (trouble === "signed-out") notify("signed-out", "sign-in", left);
    else if (left) notify("later", "", left);
    else if (isAway()) notify("away", "", 0);
    else ["later", "away"].forEach(fallSilent);
  });
}

function tryAgain() {
  if (document.hidden) return;
  store.all().then(function (items) { if (items.length) send(); else tell(); });
}

export function start() {
  window.addEventListener("online", send); // says, too, that the line is back
  window.addEventListener("offline", tell);
  window.addEventListener("pagehide", sayAll);
  document.addEventListener("visibilitychange", tryAgain);
  setInterval(tryAgain, RETRY);
  store.all().then(function (items) {
    if (!items.length) return;
    busy = true; // what waited since another visit is told as kept, too
    send();
  });
}
