/* The verify page reads the paper: what stands behind the # of a certificate's QR code, which no server has seen.

   The page holds one element, hidden until there is something to say:

     <section id="paper" hidden aria-live="polite"
              data-key="ed25519:… …"        issuer.keyring.text
              data-serial="BY26-7K3M-92QX"  the serial of this page, as verdict.serial has it
              data-check="/verify/check"    asked only where the browser cannot check Ed25519 itself
              data-genuine="…" data-altered="…" data-other="…" data-unsure="…">   the four sentences
       <p data-says></p>                    gets one of the sentences
       <dl hidden><dd data-field="name"></dd> … </dl>   name, title, programme_title, issuer, issued_on, expires_on
       <div data-invigilated data-yes="…" data-no="…" hidden><dd></dd></div>      within the dl: whether the exam was
     </section>

   `section.dataset.state` becomes genuine, altered (signature does not hold), other (a genuine paper with another serial)
   or unsure (nobody could check). POST data-check sends {"fragment": "…"} as JSON and gets the fields above and `serial`
   as JSON, or 422 if the signature does not hold. */

import {readPaper} from "./verify/paper.js";

async function askServer(fragment, address) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({fragment}),
  });
  if (answer.status === 422) return null;
  if (!answer.ok) throw new Error("no answer");
  return answer.json();
}

async function check(section, fragment) {
  let said;
  try {
    said = await readPaper(fragment, section.dataset.key);
  } catch (fault) {
    said = await askServer(fragment, section.dataset.check); // an old browser, or a page without https
  }
  if (!said) return ["altered", null];
  return said.serial === section.dataset.serial ? ["genuine", said] : ["other", null];
}

async function show(section) {
  const fragment = location.hash.slice(1);
  if (!fragment) return;
  const [state, said] = await check(section, fragment).catch(() => ["unsure", null]);
  section.dataset.state = state;
  section.querySelector("[data-says]").textContent = section.dataset[state];
  for (const field of section.querySelectorAll("[data-field]")) field.textContent = said ? said[field.dataset.field] : "";
  const watched = section.querySelector("[data-invigilated]");
  if (watched && said) {
    watched.hidden = said.invigilated === null;
    watched.querySelector("dd").textContent = said.invigilated ? watched.dataset.yes : watched.dataset.no;
  }
  const list = section.querySelector("dl");
  if (list) list.hidden = !said;
  section.hidden = false;
}

if (typeof document !== "undefined") {
  const section = document.getElementById("paper");
  if (section) {
    show(section);
    addEventListener("hashchange", () => show(section)); // the next paper scanned in the same tab
  }
}
