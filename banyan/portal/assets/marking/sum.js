// Says how many points are given so far, once any are; each row says its own.
export function start(form) {
  const shown = form.querySelector("[data-sum]");

  function add() {
    const given = Array.prototype.slice.call(form.querySelectorAll("[data-row] input:checked"));
    const points = given.reduce((sum, each) => sum + Number(each.value), 0);
    shown.textContent = shown.getAttribute("data-sum").replace("{n}", String(Math.round(points * 100) / 100));
    shown.hidden = !given.length;
  }

  form.addEventListener("change", add);
  window.addEventListener("pageshow", add);
  add();
}
