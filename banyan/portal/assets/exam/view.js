// One question a page, or all of them on one: as this phone was last told, for every exam.
const KEY = "banyan-exam-view";

export class View {
  constructor(page) {
    this.page = page;
    this.all = kept() === "all";
    this.changed = () => {};
    page.addEventListener("click", (event) => {
      const button = event.target.closest("[data-view]");
      if (button) this.turn(button.getAttribute("data-view") === "all");
    });
    this.paint();
  }

  turn(all) {
    this.all = all;
    keep(all ? "all" : "one");
    this.paint();
    this.changed();
  }

  paint() {
    this.page.classList.toggle("all-sheets", this.all);
  }
}

function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch (fault) {
    return null;
  }
}

function keep(view) {
  try {
    localStorage.setItem(KEY, view);
  } catch (fault) {
    // A browser that keeps nothing still shows it so while the page is open.
  }
}
