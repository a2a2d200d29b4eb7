// Small comforts; every page works without them.
(function () {
  "use strict";
  var root = document.documentElement;

  // Text size at once, without a new page: an exam or a half-filled form stays as it is.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-size]");
    if (!link) return;
    event.preventDefault();
    var size = link.getAttribute("data-size");
    root.classList.toggle("elder", size === "elder");
    document.cookie = "banyan-size=" + size + "; path=/; max-age=31536000; samesite=lax";
    Array.prototype.forEach.call(document.querySelectorAll("a[data-size]"), function (each) {
      if (each === link) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    });
  });

  // The panel behind 字 closes as people expect it to.
  var panel = document.querySelector("details.choices");
  if (panel) {
    document.addEventListener("click", function (event) {
      if (panel.open && !panel.contains(event.target)) panel.open = false;
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && panel.open) {
        panel.open = false;
        panel.querySelector("summary").focus();
      }
    });
  }

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

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
