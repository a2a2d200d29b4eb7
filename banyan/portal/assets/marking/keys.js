// Marking by keyboard. Single keys work in the rubric, or where nothing has the focus; never while somebody writes, and they
// can be turned off. Left and right stay what they are for a group of choices; Tab always leads on.
const KEPT = "banyan-marking-keys";

export function start(form, insert) {
  const rows = Array.prototype.slice.call(form.querySelectorAll("[data-row]"));
  const comment = form.elements.comment;
  const said = form.querySelector("[data-said]");
  const help = form.querySelector("[data-keys]");
  const on = form.querySelector("[data-keys-on]");
  let typed = ""; // digits of one row's points, where they are two
  let last = rows[0];

  const points = (row) => Array.prototype.slice.call(row.querySelectorAll("input[type=radio]"));
  const rowOf = (element) => rows.filter((row) => row.contains(element))[0];

  function focusRow(row) {
    const choices = points(row);
    typed = "";
    last = row;
    (choices.filter((each) => each.checked)[0] || choices[0]).focus();
  }

  function next(row) {
    const after = rows[rows.indexOf(row) + 1];
    if (after) focusRow(after); else comment.focus();
  }

  function give(row, value) {
    const choice = points(row).filter((each) => each.value === value)[0];
    if (!choice) return false;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    choice.focus();
    const legend = row.querySelector("legend").textContent.trim();
    said.textContent = form.getAttribute("data-gave").replace("{row}", legend).replace("{points}", value);
    tooMany(row, false);
    return true;
  }

  function tooMany(row, is) {
    row.querySelector("[data-too-many]").hidden = !is;
  }

  // A digit gives points and leads on, unless another digit could still follow: 1 of 12 waits for the 0, 1 or 2.
  function digit(row, key) {
    if (row !== last) typed = "";
    last = row;
    const wanted = give(row, typed + key) ? typed + key : give(row, key) ? key : "";
    if (!wanted) return tooMany(row, true);
    const longer = wanted !== "0" && points(row).some((each) => each.value.length > wanted.length && each.value.indexOf(wanted) === 0 && /^\d+$/.test(each.value));
    typed = longer ? wanted : "";
    if (!longer) next(row);
  }

  function full(row) {
    const choices = points(row);
    give(row, choices[choices.length - 1].value);
    next(row);
  }

  function move(row, step) {
    const to = rows[rows.indexOf(row) + step];
    if (to) focusRow(to); else if (step > 0) comment.focus();
  }

  // Returns whether the key was one of ours.
  function single(event, row) {
    const open = row || rows.filter((each) => !points(each).some((choice) => choice.checked))[0] || rows[0];
    const pressed = /^Digit([1-9])$/.exec(event.code || "");
    if (event.shiftKey && pressed) return insert(pressed[1]);
    if (event.shiftKey) return false;
    if (/^[0-9]$/.test(event.key)) digit(open, event.key);
    else if (event.key === "m") full(open);
    else if (event.key === "c") { last = open; comment.focus(); }
    else if (row && event.key === "ArrowDown") move(row, 1);
    else if (row && event.key === "ArrowUp") move(row, -1);
    else return false;
    return true;
  }

  function pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && (form.contains(target) || target === document.body)) {
      event.preventDefault();
      return form.querySelector("[data-save]").click();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target === comment && event.key === "Escape") { event.preventDefault(); return focusRow(last); }
    const row = rowOf(target);
    const free = target === document.body || target.id === "main" || (row && target.type === "radio");
    if (free && on.checked && single(event, row)) event.preventDefault();
  }

  help.hidden = false;
  try { on.checked = localStorage.getItem(KEPT) !== "off"; } catch (fault) { /* a browser that keeps nothing */ }
  on.addEventListener("change", () => {
    try { localStorage.setItem(KEPT, on.checked ? "on" : "off"); } catch (fault) { /* the same */ }
  });
  document.addEventListener("keydown", pressed);
}
