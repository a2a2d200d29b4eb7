// A written answer before its marker: keys for who has a keyboard, remarks at a tap, the points so far, and the answer kept for them alone.
// Everything can be done without this script.
import { start as startKeys } from "./marking/keys.js";
import { start as startLease } from "./marking/lease.js";
import { start as startRemarks } from "./marking/remarks.js";
import { start as startSum } from "./marking/sum.js";

const form = document.querySelector("[data-marking]");
if (form) {
  const insert = startRemarks(form);
  startKeys(form, insert);
  startLease(form);
  startSum(form);
}
