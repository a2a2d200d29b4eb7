// The exam page: one question at a time, everything given kept at once, the server's clock.
import { Answers } from "./exam/answers.js";
import { Clock } from "./exam/clock.js";
import { Concerns } from "./exam/concerns.js";
import { Drill } from "./exam/drill.js";
import { HandIn } from "./exam/handin.js";
import { News } from "./exam/news.js";
import { Photos } from "./exam/photos.js";
import { Post } from "./exam/post.js";
import { Sheets } from "./exam/sheets.js";
import { Store } from "./exam/store.js";

const page = document.querySelector("[data-exam]");
if (page) begin(page);

function begin(page) {
  const say = JSON.parse(document.getElementById("exam-words").textContent);
  const given = JSON.parse(document.getElementById("exam-given").textContent);
  const attempt = page.getAttribute("data-exam");
  const clock = new Clock(page, say);
  const post = new Post(page.getAttribute("data-url"), page.getAttribute("data-csrf"), clock);
  const news = new News(page, say);
  const answers = new Answers(new Store(attempt), post, clock, news);
  const sheets = new Sheets(page, say, answers, attempt);
  const photos = new Photos(page, { answers, post });
  const drills = Array.from(page.querySelectorAll("[data-drill]")).map((sheet) => new Drill(sheet, say, post, { sheets, attempt }));
  const handIn = new HandIn(page, say, { answers, clock, drills, news, photos, post, sheets, result: page.getAttribute("data-after") });
  new Concerns(page, say, post, attempt);
  window.BanyanQuestions.enhance(page);
  page.addEventListener("banyan:answer", (event) => {
    const sheet = event.target.closest("[data-slot]");
    if (sheet && !sheet.hasAttribute("data-drill")) answers.keep(sheet.getAttribute("data-slot"), event.detail.value, sheet);
    sheets.count();
  });
  page.addEventListener("banyan:photo", () => sheets.count());
  clock.whenOver(() => handIn.timeIsUp());
  photos.begin();
  answers.restore(given, page).then(() => {
    sheets.begin();
    clock.begin();
    page.removeAttribute("aria-busy");
  });
}
