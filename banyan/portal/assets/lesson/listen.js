/* A recorded step: nothing is fetched before the tap; then the browser's own player has it. It falls silent with its step. */
import { all } from "./page.js";

function prepare(box) {
  const button = box.querySelector("button");
  const player = box.querySelector("audio");
  const said = box.querySelector("[role=status]");

  function fail() {
    player.hidden = true;
    button.hidden = false;
    said.textContent = said.getAttribute("data-failed");
  }

  player.hidden = true;
  button.hidden = false;
  button.addEventListener("click", function () {
    said.textContent = "";
    button.hidden = true;
    player.hidden = false;
    if (player.error) player.load(); // it failed before, without a line perhaps
    const begun = player.play();
    if (begun) begun.catch(function (fault) { if (fault.name !== "AbortError") fail(); });
    player.focus({ preventScroll: true });
  });
  player.addEventListener("error", fail);
}

export function start() {
  all(document, ".recording").forEach(prepare);
  document.addEventListener("banyan:step", function () {
    all(document, ".recording audio").forEach(function (player) { player.pause(); });
  });
}
