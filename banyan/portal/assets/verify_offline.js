/* The page that anybody may keep and open without a line: it reads the address in a certificate's QR code and checks it with
   the keys it carries. banyan/portal/templates/desks/verify_offline.html holds both; nothing is fetched, ever.

   Browsers that know no Ed25519 check it in plain JavaScript. */

import nacl from "tweetnacl";
import {byBrowser, readPaper} from "./verify/paper.js";

const form = document.getElementById("check");
const keys = form.getAttribute("data-keys");
const result = document.getElementById("result");

async function fits(raw, signature, payload) {
  try {
    return await byBrowser(raw, signature, payload);
  } catch (fault) {
    return signature.length === 64 && nacl.sign.detached.verify(payload, signature, raw);
  }
}

/* What was pasted or read from a picture: the address, perhaps broken over lines. */
async function read(text) {
  const [address, fragment] = text.replace(/\s+/g, "").split("#");
  if (!fragment) return ["unread", null];
  const said = await readPaper(fragment, keys, fits);
  if (!said || !address.endsWith("/verify/" + said.serial)) return ["altered", null];
  return [said.expires_on < today() ? "expired" : "valid", said];
}

function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

function show(state, said) {
  result.setAttribute("data-state", state);
  result.querySelector("h2").textContent = form.getAttribute("data-" + state);
  result.querySelector("dl").hidden = result.querySelector("[data-unseen]").hidden = !said;
  result.querySelector("[data-demo]").hidden = !(said && said.demo);
  for (const field of result.querySelectorAll("[data-field]")) field.textContent = said ? said[field.getAttribute("data-field")] : "";
  const watched = result.querySelector("[data-invigilated]");
  watched.hidden = !said || said.invigilated === null;
  if (said) watched.querySelector("dd").textContent = watched.getAttribute(said.invigilated ? "data-yes" : "data-no");
  result.hidden = false;
}

async function check(text) {
  const [state, said] = await read(text);
  show(state, said);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check(form.elements.address.value);
});

/* Where the browser itself can read a code, a photo of it will do. */
const photo = document.getElementById("photo");
if ("BarcodeDetector" in window) {
  photo.hidden = false;
  photo.querySelector("input").addEventListener("change", async (event) => {
    const found = await createImageBitmap(event.target.files[0]).then((picture) => new BarcodeDetector({formats: ["qr_code"]}).detect(picture)).catch(() => []);
    if (!found.length) return show("unread", null);
    form.elements.address.value = found[0].rawValue;
    return check(found[0].rawValue);
  });
}
