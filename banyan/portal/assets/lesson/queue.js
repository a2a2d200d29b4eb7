/* What a reader did is kept on the phone first and taken off when the server has it.
 *
 * The queue belongs to one reader, since phones are shared; of the same step or question only the latest is kept.
 */
import { call } from "./line.js";
import { fallSilent, notify, tellState } from "./notice.js";
import { course, lesson, reader } from "./page.js";

const NAME = "banyan-lesson-queue-" + reader;
const RETRY = 15000;
const NEVER = [400, 404, 413, 422];

let memory = [];
let sending = false;
let trouble = "";
let busy = false;
const waiting = [];

export function queued() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) || [];
  } catch (fault) {
    return memory;
  }
}

function keep(items) {
  memory = items;
  try {
    localStorage.setItem(NAME, JSON.stringify(items));
  } catch (fault) { /* no room, or private browsing: what is in memory is sent all the same */ }
}

function same(a, b) {
  return a.path === b.path && ["course", "lesson", "step", "question"].every(function (key) { return a.body[key] === b.body[key]; });
}

/* Resolves to what the service says of it once it has it; rejects when it cannot be sent now or ever. */
export function enqueue(path, what) {
  busy = true;
  const item = { path: path, body: Object.assign({ course: course, lesson: lesson }, what), at: Date.now() + Math.random() };
  keep(queued().filter(function (each) { return !same(each, item); }).concat([item]));
  tellState("sending");
  return new Promise(function (resolve, reject) {
    waiting.push({ at: item.at, resolve: resolve, reject: reject });
    send();
  });
}

/* A page that goes away says all it still has; the server takes a thing said twice as one. */
function sayAll() {
  queued().forEach(post);
}

function post(item) {
  return call(item.path, { method: "POST", body: JSON.stringify(item.body), keepalive: true });
}

/* Something of this reader is kept on the server. */
export function begun() {
  busy = true;
  tell();
}

export function signedOut() {
  trouble = "signed-out";
  tell();
}

export function send() {
  if (sending) return;
  sending = true;
  sendNext().then(function () {
    sending = false;
    tell();
  });
}

function sendNext() {
  const item = queued()[0];
  if (!item) return Promise.resolve();
  return post(item).then(function (reply) {
    const kept = reply.status === 200;
    const never = NEVER.indexOf(reply.status) >= 0;
    trouble = reply.status === 401 ? "signed-out" : never ? "failed" : "";
    if (kept || never) keep(queued().filter(function (each) { return each.at !== item.at; }));
    settle(item, reply);
    return kept || never ? sendNext() : giveUp();
  });
}

function settle(item, reply) {
  waiting.slice().forEach(function (each) {
    if (each.at !== item.at) return;
    waiting.splice(waiting.indexOf(each), 1);
    if (reply.status === 200) each.resolve(reply.said);
    else each.reject(new Error(NEVER.indexOf(reply.status) >= 0 ? String(reply.status) : "later")); // no line: it stays queued
  });
}

/* Nobody waits at the screen for what will be sent later. */
function giveUp() {
  waiting.splice(0).forEach(function (each) { each.reject(new Error("later")); });
}

function tell() {
  const left = queued().length;
  tellState(trouble || (left ? "waiting" : busy ? "kept" : ""));
  if (trouble === "signed-out") notify("signed-out", "sign-in", left);
  else if (left) notify("later", "", left);
  else fallSilent("later");
}

export function start() {
  window.addEventListener("online", send);
  window.addEventListener("offline", tell);
  window.addEventListener("pagehide", sayAll);
  setInterval(function () { if (queued().length && !document.hidden) send(); }, RETRY);
  if (!queued().length) return;
  busy = true; // what waited since another visit is told as kept, too
  send();
}
