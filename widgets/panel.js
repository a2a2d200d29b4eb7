/* A simulation's panel: a slider one can also step with buttons, a sentence, a picture and its table.
 * Values go to Python when the slider is let go; what is shown comes back as one piece. Nothing is computed here. */
var WORDS = "banyan-widget-words"; // the page's translations of our own words; what is not in there stays as Python said it
var REST = 250; // ms a button may rest before its value is sent
var LONG = 8000; // ms after which a reader is told that no answer comes

function make(tag, attributes, text) {
  var el = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) { el.setAttribute(name, attributes[name]); });
  if (text !== undefined) el.textContent = text;
  return el;
}

function say(words) {
  var table = document.getElementById(WORDS);
  return (table && JSON.parse(table.textContent)[words]) || words;
}

function build(model) {
  var slider = model.get("slider");
  var id = "banyan-panel-" + Math.random().toString(36).slice(2);
  var parts = {
    root: make("section", { "class": "banyan-panel", "aria-labelledby": id + "-label" }),
    said: make("output", { "for": id }),
    less: make("button", { type: "button", "aria-controls": id }, say(slider.less)),
    range: make("input", { type: "range", id: id, min: slider.lowest, max: slider.highest, step: 1 }),
    more: make("button", { type: "button", "aria-controls": id }, say(slider.more)),
    sentence: make("p", { "class": "banyan-panel-sentence", role: "status" }),
    picture: make("figure", {}),
    body: make("tbody")
  };
  var label = make("label", { "for": id, id: id + "-label" }, slider.label + "：");
  label.appendChild(parts.said);
  var controls = make("div", { "class": "banyan-panel-controls" });
  [parts.less, parts.range, parts.more].forEach(function (el) { controls.appendChild(el); });
  var table = make("table");
  table.appendChild(make("caption", {}, model.get("view").title));
  table.appendChild(parts.body);
  var details = make("details");
  details.appendChild(make("summary", {}, say(model.get("words").table)));
  details.appendChild(table);
  var note = make("p", { "class": "banyan-panel-note" }, model.get("note"));
  [note, label, controls, parts.sentence, parts.picture, details].forEach(function (el) { parts.root.appendChild(el); });
  return parts;
}

function showView(parts, view) {
  parts.sentence.textContent = view.sentence;
  parts.picture.innerHTML = view.picture;
  parts.body.textContent = "";
  view.table.forEach(function (row) {
    var line = make("tr");
    line.appendChild(make("th", { scope: "row" }, row[0]));
    line.appendChild(make("td", {}, row[1]));
    parts.body.appendChild(line);
  });
}

function render(context) {
  var model = context.model;
  var slider = model.get("slider");
  var parts = build(model);
  var resting = 0;
  var waiting = 0;

  function read(value) {
    var words = slider.said.replace("{}", String(value));
    parts.said.textContent = words;
    parts.range.setAttribute("aria-valuetext", words);
    parts.less.disabled = value <= slider.lowest;
    parts.more.disabled = value >= slider.highest;
  }

  function send() {
    var value = Number(parts.range.value);
    if (value === model.get("value")) return;
    parts.root.setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      parts.sentence.textContent = say(model.get("words").late);
    }, LONG);
    model.set("value", value);
    model.save_changes();
  }

  function step(by) {
    parts.range.value = String(Number(parts.range.value) + by);
    read(Number(parts.range.value));
    clearTimeout(resting);
    resting = setTimeout(send, REST);
  }

  function arrived() {
    var view = model.get("view");
    if (view.value !== model.get("value")) return; // an answer to an earlier value: the next one is on its way
    clearTimeout(waiting);
    parts.root.removeAttribute("aria-busy");
    showView(parts, view);
  }

  parts.range.value = String(model.get("value"));
  read(model.get("value"));
  showView(parts, model.get("view"));
  parts.range.addEventListener("input", function () { read(Number(parts.range.value)); });
  parts.range.addEventListener("change", send);
  parts.less.addEventListener("click", function () { step(-1); });
  parts.more.addEventListener("click", function () { step(1); });
  model.on("change:view", arrived);
  context.el.appendChild(parts.root);
  return function () {
    clearTimeout(resting);
    clearTimeout(waiting);
    model.off("change:view", arrived);
  };
}

export default { render: render };
