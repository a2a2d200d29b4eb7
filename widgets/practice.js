/* A practice question in a lesson. The page's questions.js does the work; this only joins it to the widget's state.
 * Where the page has no questions.js (an author's notebook), the question is shown and says where it can be answered. */
function tell(el, question, value) {
  var detail = { question: question, value: value, reply: undefined };
  el.dispatchEvent(new CustomEvent("banyan:practice", { bubbles: true, detail: detail }));
  return detail.reply;
}

function render(context) {
  var model = context.model;
  var el = context.el;
  var question = model.get("question");
  el.classList.add("banyan-ask");
  el.innerHTML = model.get("html");
  if (window.BanyanQuestions) {
    window.BanyanQuestions.practise(el, model.get("answers"), function (value) { return tell(el, question, value); });
    return;
  }
  var line = document.createElement("p");
  line.className = "banyan-ask-note";
  line.textContent = model.get("elsewhere");
  el.appendChild(line);
}

export default { render: render };
