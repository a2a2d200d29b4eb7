// Small comforts; every page works without them.
import { start as startChoices } from "./choices/panel.js";
import { start as startBar } from "./pace/bar.js";
import { start as startWaiting } from "./result/wait.js";
import { start as startPhotos } from "./photo/form.js";
import { start as startScreen } from "./training/screen.js";

(function () {
  startChoices();
  startWaiting();
  startBar();
  startScreen();
  startPhotos();

  // A form that was sent is not sent twice by an impatient thumb.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("data-sent")) return event.preventDefault();
    form.setAttribute("data-sent", "yes");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });

  // Coming back with the browser's own memory of a page: forms may be sent again.
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-sent]"), function (form) { form.removeAttribute("data-sent"); });
  });

  // Copying a text: the old way, since the new one wants https; where neither works the text is there to be taken by hand.
  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    var text = document.getElementById(button.getAttribute("data-copy"));
    function fit() { // all of it in view: one looks at a text before one sends it
      text.style.height = "auto";
      text.style.height = text.scrollHeight + 4 + "px";
    }
    fit();
    window.addEventListener("resize", fit);
    button.hidden = false;
    button.addEventListener("click", function () {
      var copied = false;
      text.focus();
      text.setSelectionRange(0, text.value.length);
      try { copied = document.execCommand("copy"); } catch (fault) { copied = false; }
      button.textContent = button.getAttribute(copied ? "data-done" : "data-by-hand");
    });
  });

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
