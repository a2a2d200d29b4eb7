// Puts a remark into the comment, once, and remembers that it was used. Returns what a key does: insert the remark of a digit.
const MOST = 20;

export function start(form) {
  const comment = form.elements.comment;
  const used = form.elements.used;
  const said = form.querySelector("[data-said]");
  const buttons = Array.prototype.slice.call(form.querySelectorAll("[data-remark]"));

  function remember(number) {
    const before = used.value ? used.value.split(",") : [];
    if (before.indexOf(number) < 0) used.value = before.concat(number).slice(0, MOST).join(",");
  }

  function insert(button) {
    const text = button.getAttribute("data-text");
    const before = comment.value.replace(/\s+$/, "");
    if (before.split("\n").indexOf(text) < 0) {
      const after = before ? before + "\n" + text : text;
      if (after.length > comment.maxLength) return;
      comment.value = after;
    }
    remember(button.getAttribute("data-remark"));
    button.setAttribute("data-in", "yes");
    said.textContent = form.getAttribute("data-wrote");
  }

  buttons.forEach((button) => button.addEventListener("click", () => insert(button)));
  Array.prototype.forEach.call(form.querySelectorAll("[data-remarks]"), (each) => { each.hidden = false; });
  return (digit) => {
    const found = buttons.filter((each) => each.getAttribute("data-digit") === digit)[0];
    if (found) insert(found);
    return Boolean(found);
  };
}
