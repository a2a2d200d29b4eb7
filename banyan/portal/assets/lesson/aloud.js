/* 读给我听: the phone's own voice reads a step, where it has one for Chinese. Nothing depends on it.
 *
 * Only voices that live on the phone are used: another would send the text elsewhere. A recorded step needs none. Where
 * there is no voice, the panel behind 字 says so; where one says nothing, that is said at its button.
 */
import { all, byId } from "./page.js";

const LONGEST = 90; // characters at a time: some phones fall silent in the middle of more
const SKIPPED = "sup, .practice, .slot, .concern, .term-said, .recording";

const SILENT = 8000; // ms after which a voice that has not begun will not begin

let button = null; // whose step is being read
let silence = 0;

function voice() {
  const spoken = byId("lesson").querySelector("[lang]").getAttribute("lang");
  const found = window.speechSynthesis.getVoices().filter(function (each) {
    return each.localService && /^(zh|cmn)/i.test(each.lang);
  });
  const wanted = spoken === "zh-Hant" ? /tw|hant/i : /cn|hans/i;
  return found.filter(function (each) { return wanted.test(each.lang); })[0] || found[0];
}

function pieces(step) {
  const copy = step.querySelector(".prose").cloneNode(true);
  all(copy, SKIPPED).forEach(function (el) { el.parentNode.removeChild(el); });
  const blocks = all(copy, "p, li, h3, td, th").filter(function (el) { return !el.querySelector("p"); });
  const said = [step.querySelector("h2").textContent].concat(blocks.map(function (el) { return el.textContent.trim(); }));
  return said.reduce(function (list, text) { return list.concat(cut(text)); }, []).filter(Boolean);
}

/* Cuts after the ends of sentences, and puts short ones together. */
function cut(text) {
  return (text.match(/[^。！？；]+[。！？；”]*/g) || []).reduce(function (list, sentence) {
    const last = list.length - 1;
    if (last >= 0 && (list[last] + sentence).length <= LONGEST) list[last] += sentence;
    else list.push(sentence);
    return list;
  }, []);
}

export function hush() {
  clearTimeout(silence);
  if (!button) return;
  window.speechSynthesis.cancel();
  tell(button, "aloud");
  button = null;
}

function tell(el, about) {
  el.textContent = byId("lesson").getAttribute("data-" + about);
  el.setAttribute("aria-pressed", String(about === "hush"));
}

function fail(el) {
  if (button !== el) return;
  hush();
  el.nextElementSibling.textContent = byId("lesson").getAttribute("data-voice-failed");
}

function read(el, step) {
  const mine = button === el;
  hush();
  el.nextElementSibling.textContent = "";
  if (mine) return;
  button = el;
  tell(el, "hush");
  silence = setTimeout(function () { fail(el); }, SILENT);
  const list = pieces(step);
  list.forEach(function (text, place) {
    const said = new window.SpeechSynthesisUtterance(text);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    said.onstart = function () { clearTimeout(silence); };
    said.onerror = function () { fail(el); };
    if (place === list.length - 1) said.onend = function () { if (button === el) hush(); };
    window.speechSynthesis.speak(said);
  });
}

function offer() {
  tellWhether(Boolean(voice()));
  if (!voice()) return;
  all(document, ".step").forEach(function (step) {
    if (step.querySelector(".recording, .aloud")) return;
    const el = document.createElement("button");
    el.type = "button";
    el.className = "button plain small aloud";
    tell(el, "aloud");
    el.addEventListener("click", function () { read(el, step); });
    const said = document.createElement("p");
    said.className = "quiet aloud-said";
    said.setAttribute("role", "status");
    step.querySelector("h2").insertAdjacentElement("afterend", said);
    said.insertAdjacentElement("beforebegin", el);
  });
}

/* Who looks for a voice looks behind 字. */
function tellWhether(can) {
  const place = byId("aloud-told");
  if (!place) return;
  place.hidden = false;
  place.querySelector("p").textContent = place.getAttribute(can ? "data-can" : "data-cannot");
}

export function start() {
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) {
    tellWhether(false);
    return;
  }
  offer();
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  else speech.onvoiceschanged = offer;
  document.addEventListener("banyan:step", hush);
  window.addEventListener("pagehide", hush);
}
