/* The panels of the header: the way round behind 更多, and the one behind 字. A size is taken at once, without a new page: an exam or a half-filled form stays as it is. */
const YEAR = 31536000; // seconds

function all(selector) {
  return Array.prototype.slice.call(document.querySelectorAll(selector));
}

/* Who is signed in is remembered meanwhile; should that fail, the cookie keeps it. */
function remember(form, size) {
  if (!form) return;
  const said = new URLSearchParams();
  Array.prototype.forEach.call(form.elements, function (each) { if (each.type === "hidden") said.append(each.name, each.value); });
  said.append("size", size);
  fetch(form.action, { method: "POST", body: said, credentials: "same-origin", redirect: "manual" }).catch(function () {});
}

function take(event) {
  const chosen = event.target.closest && event.target.closest("[data-size]");
  if (!chosen) return;
  event.preventDefault();
  const size = chosen.getAttribute("data-size");
  document.documentElement.classList.toggle("elder", size === "elder");
  document.cookie = "banyan-size=" + size + "; path=/; max-age=" + YEAR + "; samesite=lax";
  remember(chosen.form, size);
  all("[data-size]").forEach(function (each) {
    if (each === chosen) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  });
  window.dispatchEvent(new Event("resize")); // what measures itself does so again
}

/* A language is a new page: it comes back to the same place in it. */
function comeBack(form) {
  const back = form.elements.back;
  form.addEventListener("submit", function () { back.value = back.value.split("#")[0] + location.hash; });
}

/* A panel over the page goes away by a tap beside it, and by Escape. */
function closes(panel) {
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

export function start() {
  document.addEventListener("click", take);
  const form = document.querySelector("details.choices form");
  if (form) comeBack(form);
  all("details.choices, details.more").forEach(closes);
}
