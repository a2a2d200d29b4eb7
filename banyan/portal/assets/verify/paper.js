/* What stands behind the # of a certificate's QR code: a payload and a signature over it, each in base64url. */

const FIELDS = {s: "serial", n: "name", t: "title", p: "programme_title", o: "issuer", i: "issued_on", e: "expires_on"};
const KEYS = ["acdeiknopstv", "acdeiknopstvw"]; // w: whether the exam was invigilated, on certificates since that is told
const MINE = "Ed25519";

export function bytesOf(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  const bytes = Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
  if (textOf(bytes) !== text) throw new Error("not the canonical spelling");
  return bytes;
}

function textOf(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The keys in a text, one a word: `ed25519:…`, with `@` and a day if it was stolen on that. */
export function keysOf(text) {
  return text.split(/\s+/).filter(Boolean).map((each) => {
    const [key, stolen] = each.replace("ed25519:", "").split("@");
    return {raw: bytesOf(key), stolen: stolen || ""};
  });
}

/** What a payload states, or null if it is not exactly a certificate. */
export function statementOf(bytes) {
  const payload = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
  if (KEYS.indexOf(Object.keys(payload).sort().join("")) < 0 || payload.v !== "C1") return null;
  const said = {demo: payload.d === 1, invigilated: "w" in payload ? payload.w === 1 : null};
  for (const letter of Object.keys(FIELDS)) said[FIELDS[letter]] = String(payload[letter]);
  return said;
}

/** Whether a signature is a key's, by the browser itself; throws NotSupportedError where it cannot tell. */
export async function byBrowser(raw, signature, payload) {
  if (typeof crypto === "undefined" || !crypto.subtle) throw new DOMException("no secure context", "NotSupportedError");
  const key = await crypto.subtle.importKey("raw", raw, {name: MINE}, false, ["verify"]);
  return crypto.subtle.verify({name: MINE}, key, signature, payload);
}

/** The statement a fragment carries, null if none of the keys signed it while it could be trusted; `fits` checks a signature. */
export async function readPaper(fragment, keyText, fits = byBrowser) {
  let payload, signature, keys;
  try {
    const parts = fragment.split(".");
    if (parts.length !== 2) return null;
    [payload, signature] = parts.map(bytesOf);
    keys = keysOf(keyText);
  } catch (fault) {
    return null;
  }
  for (const {raw, stolen} of keys) {
    if (await fits(raw, signature, payload)) return stated(payload, stolen);
  }
  return null;
}

/* A key that was stolen vouches only for what was signed before that day. */
function stated(payload, stolen) {
  try {
    const said = statementOf(payload);
    return said && (!stolen || said.issued_on < stolen) ? said : null;
  } catch (fault) {
    return null;
  }
}
