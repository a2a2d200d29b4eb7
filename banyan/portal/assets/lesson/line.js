/* The line to the service. A call never fails: without a line its status is 0. */
import { api, seal } from "./page.js";

export const NO_LINE = 0;
let away = false;

/* Says whether the page is read without a line, as far as anybody can tell. */
export function isAway() {
  return away || navigator.onLine === false;
}

function cookie(name) {
  const found = document.cookie.split("; ").filter(function (each) { return each.indexOf(name + "=") === 0; });
  return found.length ? found[0].slice(name.length + 1) : "";
}

export function call(path, options) {
  const asked = Object.assign({ credentials: "same-origin" }, options);
  asked.headers = { Accept: "application/json", "Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf") };
  if (seal) asked.headers["X-CSRF-Token"] = seal; // the portal's own way
  return fetch(api + path, asked).then(function (reply) {
    away = false;
    return reply.json().catch(function () { return {}; }).then(function (said) { return { status: reply.status, said: said }; });
  }, function () {
    away = true;
    return { status: NO_LINE, said: {} };
  });
}
