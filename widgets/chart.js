/* A chart that is drawn anew: Python sends the picture and its table as HTML, this puts them in place of the old ones.
 * The sentence stays where it is and is read aloud when it changes; a table that is open stays open. */
var WORDS = "banyan-widget-words"; // the page's translations of our own words

function say(words) {
  var table = document.getElementById(WORDS);
  return (table && JSON.parse(table.textContent)[words]) || words;
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

function render(context) {
  var model = context.model;
  var root = document.createElement("section");
  var sentence = document.createElement("p");
  var place = document.createElement("div");
  root.className = "banyan-chart";
  sentence.className = "banyan-chart-sentence";
  sentence.setAttribute("role", "status");
  root.appendChild(sentence);
  root.appendChild(place);

  function draw() {
    put(place, model.get("html"));
    if (sentence.textContent !== model.get("sentence")) sentence.textContent = model.get("sentence");
  }

  draw();
  model.on("change:html", draw);
  model.on("change:sentence", draw);
  context.el.appendChild(root);
  return function () {
    model.off("change:html", draw);
    model.off("change:sentence", draw);
  };
}

export default { render: render };
