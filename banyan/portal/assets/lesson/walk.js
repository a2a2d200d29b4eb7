/* A practice question that is walked: each choice goes to the service, which shows what came of it.
 *
 * The way so far, and a choice that waits for the line, stay on the phone; the end is an answer like any other.
 */
import { call, NO_LINE } from "./line.js";
import { all, course, lesson, reader } from "./page.js";

const RETRY = 15000;

function Walk(question) {
  this.question = question;
  this.name = question.getAttribute("data-question");
  this.key = ["banyan-walk", reader, course, lesson, this.name].join("/");
  this.check = question.querySelector(".practice-check");
  this.button = document.createElement("button");
  this.button.type = "button";
  this.button.className = "button walk-take";
  this.news = document.createElement("p");
  this.news.className = "quiet walk-news";
  this.news.setAttribute("role", "status");
  question.insertBefore(this.button, this.check);
  question.insertBefore(this.news, this.check);
  this.check.hidden = true;
  this.fresh = kept(this.key) === null;
  this.state = kept(this.key) || { path: [], choice: null };
}

Walk.prototype.begin = function () {
  const me = this;
  this.question.setAttribute("data-reads", "kept"); // from now on its value is the whole way, and only at its end
  this.button.addEventListener("click", function () { me.clicked(); });
  this.question.addEventListener("banyan:filled", function (event) { me.filled(event.detail.value); });
  window.addEventListener("online", function () { me.send(); });
  this.paint();
  if (this.state.path.length || this.state.choice) this.send();
};

Walk.prototype.run = function () {
  return this.question.querySelector("[data-run]");
};

Walk.prototype.say = function (about) {
  return this.run().getAttribute("data-say-" + about);
};

Walk.prototype.clicked = function () {
  if (this.run().hasAttribute("data-ended")) {
    this.go({ path: [], choice: null });
    return;
  }
  const chosen = this.run().querySelector("input:checked");
  if (chosen) this.go({ path: this.state.path, choice: chosen.value });
  else this.news.textContent = this.say("choose");
};

/* What was walked on another phone is shown so on one where nothing of it is known. */
Walk.prototype.filled = function (value) {
  if (Array.isArray(value) && this.fresh) this.go({ path: value, choice: null });
};

Walk.prototype.go = function (state) {
  this.state = state;
  this.fresh = false;
  keep(this.key, state);
  this.send();
};

Walk.prototype.send = function () {
  const me = this;
  if (this.busy) return;
  this.busy = true;
  this.freeze(true);
  const said = { course: course, lesson: lesson, question: this.name, path: this.state.path, choice: this.state.choice };
  call("practice/steps", { method: "POST", body: JSON.stringify(said) }).then(function (reply) {
    me.busy = false;
    if (reply.status === 200) me.went(reply.said);
    else me.failed(reply);
  });
};

Walk.prototype.went = function (said) {
  const moved = this.state.choice !== null;
  const fresh = document.createElement("div");
  fresh.innerHTML = said.scene; // our own service's, escaped there
  this.state = { path: said.path, choice: null };
  keep(this.key, this.state);
  this.run().parentNode.replaceChild(fresh.querySelector("[data-run]"), this.run());
  this.question.setAttribute("data-kept", JSON.stringify(said.ended ? said.path : null));
  if (!said.path.length || said.ended) window.BanyanQuestions.tell(this.question); // what was taught before is over
  this.paint();
  if (said.ended && moved) this.check.click();
  else if (moved) this.run().querySelector(".run-at").scrollIntoView({ block: "nearest" });
};

/* Without a line the choice waits; whatever else was wrong with it, it is given up and the way begins anew. */
Walk.prototype.failed = function (reply) {
  const me = this;
  if (reply.status === NO_LINE || reply.status >= 500) {
    this.news.textContent = this.say("kept");
    setTimeout(function () { me.send(); }, RETRY);
    return;
  }
  this.state = { path: [], choice: null };
  keep(this.key, this.state);
  this.freeze(false);
  this.news.textContent = reply.said.error || "";
};

Walk.prototype.paint = function () {
  const ended = this.run().hasAttribute("data-ended");
  this.button.textContent = this.say(ended ? "again" : "take");
  this.button.classList.toggle("plain", ended);
  this.news.textContent = ended || this.state.path.length ? "" : this.say("stays");
  this.freeze(false);
};

Walk.prototype.freeze = function (on) {
  const chosen = this.state.choice;
  this.button.disabled = on;
  all(this.run(), "input").forEach(function (input) {
    if (on && input.value === chosen) input.checked = true;
    input.disabled = on;
  });
};

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch (fault) {
    return null;
  }
}

function keep(key, state) {
  try {
    localStorage.setItem(key, JSON.stringify(state));
  } catch (fault) {
    /* in memory it goes on all the same */
  }
}

export function start() {
  all(document, ".practice [data-question]").forEach(function (question) {
    if (question.querySelector("[data-run]")) new Walk(question).begin();
  });
}
