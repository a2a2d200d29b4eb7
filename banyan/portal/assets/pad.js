// Six digits on keys of our own: large, always in the same place, never over the page as a phone's keyboard is.
// Without this script the field opens the phone's keyboard and the button sends it.
(function () {
  "use strict";
  var KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back"];

  function prepare(form) {
    var field = form.querySelector("input[name=pin]"), send = form.querySelector("[type=submit]"), length = field.maxLength;
    var pad = document.createElement("div");
    pad.className = "pad";
    KEYS.forEach(function (key) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = key.length > 1 ? form.getAttribute("data-" + key) : key;
      if (key.length > 1) button.className = "word";
      button.addEventListener("click", function () { press(key); });
      pad.appendChild(button);
    });
    field.setAttribute("inputmode", "none");
    send.hidden = true;
    form.insertBefore(pad, send);
    field.addEventListener("input", function () { show(field.value.replace(/[^0-9]/g, "")); });
    window.addEventListener("pageshow", function () { ready(); });

    function press(key) {
      if (key === "clear") show("");
      else if (key === "back") show(field.value.slice(0, -1));
      else if (field.value.length < length) show(field.value + key);
    }

    function show(digits) {
      field.value = digits.slice(0, length);
      if (field.value.length === length && !form.hasAttribute("data-sent")) {
        form.setAttribute("data-sent", "");
        pad.classList.add("sent");
        form.submit();
      }
    }

    function ready() {
      field.value = "";
      form.removeAttribute("data-sent");
      pad.classList.remove("sent");
    }
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-pin]"), prepare);
})();
