/* A simulation's panel: sliders one can also step with buttons, choices, a sentence, pictures and their tables.
 * Values go to Python when a control is let go; what is shown comes back as one piece. Nothing is computed here, and
 * nothing is said of the line: that is the page's to say (#notice). */
var WORDS = "banyan-widget-words"; // the page's translations of our own words; what is not in there stays as Python said it
var REST = 250; // ms a button or a choice may rest before its value is sent

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

function fresh(name) {
  return "banyan-panel-" + name + "-" + Math.random().toString(36).slice(2);
}

/* A control is {el, write}; moved() is told a value and whether it may rest first. */
function slider(control, moved) {
  var id = fresh(control.name);
  var el = make("div", { "class": "banyan-panel-control" });
  var label = make("label", { "for": id }, control.label + "：");
  var said = make("output", { "for": id });
  var line = make("div", { "class": "banyan-panel-steps" });
  var less = make("button", { type: "button", "aria-controls": id }, say(control.less));
  var range = make("input", { type: "range", id: id, min: control.lowest, max: control.highest, step: 1 });
  var more = make("button", { type: "button", "aria-controls": id }, say(control.more));
  label.appendChild(said);
  [less, range, more].forEach(function (part) { line.appendChild(part); });
  [label, line].forEach(function (part) { el.appendChild(part); });

  function tell() {
    var value = Number(range.value);
    var words = control.said.replace("{}", String(value));
    said.textContent = words;
    range.setAttribute("aria-valuetext", words);
    less.disabled = value <= control.lowest;
    more.disabled = value >= control.highest;
  }

  function step(by) {
    range.value = String(Number(range.value) + by);
    tell();
    moved(Number(range.value), true);
  }

  range.addEventListener("input", tell);
  range.addEventListener("change", function () { moved(Number(range.value), false); });
  less.addEventListener("click", function () { step(-1); });
  more.addEventListener("click", function () { step(1); });
  return { el: el, write: function (value) { range.value = String(value); tell(); } };
}

function choice(control, moved) {
  var name = fresh(control.name);
  var el = make("fieldset", { "class": "banyan-panel-control" });
  var line = make("div", { "class": "banyan-panel-options" });
  var inputs = control.options.map(function (option) {
    var label = make("label", { "class": "banyan-panel-option" });
    var input = make("input", { type: "radio", name: name, value: option[0] });
    label.appendChild(input);
    label.appendChild(make("span", {}, option[1]));
    line.appendChild(label);
    input.addEventListener("change", function () { moved(option[0], true); });
    return input;
  });
  el.appendChild(make("legend", {}, control.label));
  el.appendChild(line);
  return { el: el, write: function (value) { inputs.forEach(function (input) { input.checked = input.value === value; }); } };
}

function put(place, html) {
  var fold = place.querySelector("details");
  var open = fold && fold.open;
  place.innerHTML = html;
  Array.prototype.forEach.call(place.querySelectorAll("[data-word]"), function (el) {
    el.textContent = say(el.getAttribute("data-word"));
  });
  if (open) place.querySelector("details").open = true;
}

function build(model) {
  var about = model.get("controls").map(function (control) { return control.label; });
  var root = make("div", { "class": "banyan-panel", role: "group", "aria-label": about.join("、") });
  var controls = make("div", { "class": "banyan-panel-controls" });
  var pictures = make("div", { "class": "banyan-panel-pictures" });
  var sentence = make("p", { "class": "banyan-panel-sentence", role: "status" });
  [make("p", { "class": "banyan-panel-note" }, model.get("note")), controls, sentence, pictures].forEach(function (el) {
    root.appendChild(el);
  });
  var places = model.get("view").pictures.map(function () { return pictures.appendChild(make("div")); });
  return { root: root, controls: controls, sentence: sentence, places: places };
}

function render(context) {
  var model = context.model;
  var settings = model.get("controls");
  var parts = build(model);
  var resting = {};
  var drawn = settings.map(function (setting) {
    function moved(value, rests) {
      clearTimeout(resting[setting.name]);
      if (rests) resting[setting.name] = setTimeout(function () { send(setting.name, value); }, REST);
      else send(setting.name, value);
    }
    var control = setting.options ? choice(setting, moved) : slider(setting, moved);
    control.write(model.get(setting.name));
    parts.controls.appendChild(control.el);
    return control;
  });

  function send(name, value) {
    if (value === model.get(name)) return;
    parts.root.setAttribute("aria-busy", "true");
    model.set(name, value);
    model.save_changes();
  }

  function draw() {
    var view = model.get("view");
    parts.sentence.textContent = view.sentence;
    parts.places.forEach(function (place, number) { put(place, view.pictures[number]); });
  }

  function arrived() {
    var view = model.get("view");
    var late = settings.some(function (setting) { return view.values[setting.name] !== model.get(setting.name); });
    if (late) return; // an answer to earlier values: the next one is on its way
    parts.root.removeAttribute("aria-busy");
    draw();
  }

  draw();
  settings.forEach(function (setting, number) {
    model.on("change:" + setting.name, function () { drawn[number].write(model.get(setting.name)); });
  });
  model.on("change:view", arrived);
  context.el.appendChild(parts.root);
  return function () {
    Object.keys(resting).forEach(function (name) { clearTimeout(resting[name]); });
    model.off("change:view", arrived);
  };
}

export default { render: render };
