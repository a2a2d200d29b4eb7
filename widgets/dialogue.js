/* A branching dialogue. The path is the list of choices made; the log holds one turn for each, and going back takes the
 * last turn away. New lines come where the choices stood, so that a reader's eye and finger stay where they are.
 * Nothing times out, nothing is sent. On paper the whole script stands as numbered scenes. */
var WORDS = "banyan-widget-words"; // the page's translations of our own words
var HEADER = 96; // px at the top that the page's header may cover

function make(tag, attributes, text) {
  var el = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) { el.setAttribute(name, attributes[name]); });
  if (text !== undefined) el.textContent = text;
  return el;
}

function fill(el, parts) {
  parts.forEach(function (part) { el.appendChild(part); });
  return el;
}

function say(words) {
  var table = document.getElementById(WORDS);
  return (table && JSON.parse(table.textContent)[words]) || words;
}

function said(speaker, words, mine) {
  if (!speaker) return make("p", { "class": "banyan-talk-told" }, words);
  var line = make("p", { "class": "banyan-talk-line" + (mine ? " mine" : "") });
  var name = make("b", {}, speaker);
  name.appendChild(make("span", { "class": "banyan-talk-colon" }, "："));
  return fill(line, [name, make("span", { "class": "banyan-talk-words" }, words)]);
}

function linesOf(scene) {
  return scene.lines.map(function (line) { return said(line[0], line[1], false); });
}

function consequence(choice) {
  return choice.says ? [make("p", { "class": "banyan-talk-says" }, choice.says)] : [];
}

function list(take) {
  return fill(make("ul"), take.map(function (each) { return make("li", {}, each); }));
}

/* The whole script for paper: numbered scenes, each choice with what comes of it and where it goes on. */
function paper(script, words) {
  var root = make("div", { "class": "banyan-talk-paper" });
  script.scenes.forEach(function (scene, number) {
    root.appendChild(make("p", { "class": "banyan-talk-scene" }, say(words.scene).replace("{n}", number + 1)));
    fill(root, linesOf(scene));
    fill(root, scene.choices.map(function (choice) {
      var goes = choice.next === null ? say(words.ends) : say(words.goes).replace("{n}", choice.next + 1);
      return make("p", { "class": "banyan-talk-branch" }, "□ " + choice.text + "（" + choice.says + goes + "）");
    }));
    if (scene.take.length) root.appendChild(list(scene.take));
  });
  return fill(root, [make("p", { "class": "banyan-talk-scene" }, say(words.take)), list(script.take)]);
}

function render(context) {
  var script = context.model.get("script");
  var words = context.model.get("words");
  var you = script.you || say(words.you);
  var id = "banyan-talk-" + Math.random().toString(36).slice(2);
  var path = []; // of {scene, choice}: numbers
  var tried = {};
  var title = make("h3", { id: id }, script.title);
  var log = make("div", { "class": "banyan-talk-log", role: "log", "aria-labelledby": id });
  var next = make("div", { "class": "banyan-talk-next" });
  var back = make("button", { type: "button", "class": "banyan-talk-plain" }, say(words.back));
  var note = make("p", { "class": "banyan-talk-note" }, script.note || say(words.note));
  var screen = fill(make("div", { "class": "banyan-talk-screen" }), [log, next, back]);
  var root = make("div", { "class": "banyan-talk", role: "group", "aria-labelledby": id });
  fill(root, [title, note, screen, paper(script, words)]);

  function chosen(step) {
    return script.scenes[step.scene].choices[step.choice];
  }

  function here() {
    return path.length ? chosen(path[path.length - 1]).next : script.start;
  }

  function button(words, kind, act) {
    var el = make("button", { type: "button", "class": kind }, words);
    el.addEventListener("click", act);
    return el;
  }

  function choose(scene, number) {
    path.push({ scene: scene, choice: number });
    tried[scene + "/" + number] = true;
    var choice = chosen(path[path.length - 1]);
    var turn = make("div", { "class": "banyan-talk-turn" });
    fill(turn, [said(you, choice.text, true)].concat(consequence(choice)));
    if (choice.next !== null) fill(turn, linesOf(script.scenes[choice.next]));
    log.appendChild(turn);
    offer();
    next.firstChild.focus({ preventScroll: true });
    bring(turn);
  }

  /* Goes back by so many turns and puts the finger on what was said there last. */
  function undo(turns) {
    var last = path[path.length - turns];
    path.splice(path.length - turns, turns);
    for (var n = 0; n < turns; n += 1) log.removeChild(log.lastChild);
    offer();
    var button = next.querySelectorAll("button")[last.choice];
    button.focus({ preventScroll: true });
    bring(next);
  }

  function bring(el) {
    var top = el.getBoundingClientRect().top;
    if (top < HEADER || top > window.innerHeight * 0.75) window.scrollBy(0, top - HEADER);
  }

  function ask(scene) {
    var choices = script.scenes[scene].choices;
    var label = make("p", { "class": "banyan-talk-ask", id: id + "-ask", tabindex: "-1" }, script.scenes[scene].ask || say(words.ask));
    var group = make("div", { role: "group", "aria-labelledby": id + "-ask" });
    choices.forEach(function (choice, number) {
      var el = button(choice.text, "banyan-talk-choice", function () { choose(scene, number); });
      if (tried[scene + "/" + number]) el.appendChild(make("small", {}, say(words.tried)));
      group.appendChild(el);
    });
    fill(next, [label, group]);
  }

  function finish(scene) {
    var own = scene === null ? [] : script.scenes[scene].take;
    var end = make("div", { "class": "banyan-talk-end", tabindex: "-1", role: "group", "aria-labelledby": id + "-take" });
    fill(end, [make("p", { "class": "banyan-talk-ask", id: id + "-take" }, say(words.take)), list(own.concat(script.take))]);
    next.appendChild(end);
    if (!path.length) return;
    var actions = make("div", { "class": "banyan-talk-actions" });
    actions.appendChild(button(say(words.other), "banyan-talk-plain strong", function () { undo(1); }));
    if (path.length > 1) actions.appendChild(button(say(words.again), "banyan-talk-plain", function () { undo(path.length); }));
    next.appendChild(actions);
  }

  function offer() {
    var scene = here();
    var over = scene === null || !script.scenes[scene].choices.length;
    next.textContent = "";
    if (over) finish(scene);
    else ask(scene);
    back.hidden = over || !path.length;
  }

  back.addEventListener("click", function () { undo(1); });
  log.appendChild(fill(make("div", { "class": "banyan-talk-turn" }), linesOf(script.scenes[script.start])));
  offer();
  context.el.appendChild(root);
}

export default { render: render };
