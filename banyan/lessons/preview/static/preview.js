/* A preview's page hears of every build: it goes to the new one at the same step, and says what is wrong with the files. */
(function () {
  "use strict";
  var me = document.currentScript;
  var built = me.getAttribute("data-built");
  var place = "preview:" + location.pathname;
  var line = null;

  function banner() {
    var found = document.getElementById("author-faults");
    if (!found) {
      found = document.createElement("div");
      found.id = "author-faults";
      found.lang = "zh-Hans";
      found.setAttribute("role", "status");
      document.body.insertBefore(found, document.body.firstChild);
    }
    return found;
  }

  function tell(html) {
    if (!html && !document.getElementById("author-faults")) return;
    var here = banner();
    if (here.innerHTML !== html) here.innerHTML = html;
    here.hidden = !html;
  }

  function heard(event) {
    var said = JSON.parse(event.data);
    if (said.built !== built) {
      sessionStorage.setItem(place, String(window.scrollY));
      location.reload();
      return;
    }
    if (document.body) tell(said.banner);
    else document.addEventListener("DOMContentLoaded", function () { tell(said.banner); });
  }

  /* A browser has six lines to one address: a page nobody looks at leaves its own to others. */
  function listen() {
    if (document.hidden && line) {
      line.close();
      line = null;
    } else if (!document.hidden && !line) {
      line = new EventSource(me.getAttribute("data-news"));
      line.onmessage = heard;
    }
  }

  /* Whoever is on the way to another page is not called back; a link that only dials leaves the page where it is. */
  window.addEventListener("beforeunload", function () {
    if (line) line.close();
    line = null;
    setTimeout(listen, 3000);
  });
  window.addEventListener("load", function () {
    var left = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    if (left) window.scrollTo(0, Number(left));
  });
  document.addEventListener("visibilitychange", listen);
  listen();
})();
