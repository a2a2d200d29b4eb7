"""A learner who knows the course: walks the lessons, and answers an exam by its keys, with taps as a person makes them."""

import re

from playwright.sync_api import Locator, expect

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.exam import ReleaseExam
from grading import questions
from grading.questions import case, cloze, first_report, hotspot, match, multiple, numeric, order, short_text, single, true_false
from grading.questions import open as written
from tests.browser.visitor import PORTAL, Visitor
from tests.county import COURSE

NOTE = (
    "续报：村口路十二点二十被水淹了，转移改走后山机耕道。安置点登记38人，名单40人，还有2人没联系上，待核，正在逐户敲门。"
    "安置点3人从半夜起拉肚子，都吃过同一锅面，已打电话给镇卫生院。群里说“死人了”，我没有见到，待核。"
    "```\n<script>alert(1)</script>"
)
ALL_SENT = """() => Object.keys(localStorage).filter(name => name.startsWith("banyan-lesson-queue-"))
  .every(name => localStorage.getItem(name) === "[]")"""

READ = """async steps => {
  const token = document.cookie.split("; ").find(each => each.startsWith("_xsrf=")).slice("_xsrf=".length);
  for (const step of steps) {
    const headers = {"Content-Type": "application/json", "X-XSRFToken": token};
    const reply = await fetch(document.body.dataset.api + "steps", {method: "POST", headers, body: JSON.stringify(step)});
    if (!reply.ok) throw new Error(step.lesson + " " + step.step + ": " + reply.status);
  }
}"""


class Learner(Visitor):
    def take_all_lessons(self) -> None:
        """Read the first lesson by tapping; of the others the page tells, as it would, that every step was read."""
        first, *others = Catalogue(self.served.home.releases).newest(COURSE).lessons
        self.take_lesson(first.name)
        told = [{"course": COURSE, "lesson": each.name, "step": step.name} for each in others for step in each.steps]
        self.page.evaluate(READ, told)

    def take_lesson(self, name: str) -> None:
        """Read a lesson step by step to its end."""
        first = Catalogue(self.served.home.releases).newest(COURSE).lesson(name).steps[0]
        self.go(f"/services/lessons/{COURSE}/{name}#{first.name}")
        on = self.page.get_by_role("button", name="下一步")
        while on.is_visible():
            on.click()
        self.page.get_by_role("button", name="学完了").click()
        self.page.wait_for_function(ALL_SENT)  # the line above may still say so of an earlier step
        expect(self.page.get_by_text("已保存")).to_be_visible()

    def begin_exam(self) -> ReleaseExam:
        self.page.get_by_role("button", name="开始考试").click()
        self.page.wait_for_url("**/exams/*")
        expect(self.page.locator("[data-exam]:not([aria-busy])")).to_be_visible()
        return Catalogue(self.served.home.releases).newest(COURSE).exam

    def answer(self, exam: ReleaseExam, slot: str) -> None:
        """Answer the question on screen as its key says."""
        sheet = self.sheet(slot)
        item = exam.items[sheet.locator("[data-question]").get_attribute("data-question") or ""]
        tap(sheet, item)

    def sheet(self, slot: str) -> Locator:
        return self.page.locator(f'[data-slot="{slot}"]')

    def walk_case(self, exam: ReleaseExam, slot: str) -> None:
        """Take the best way through the drill, one step after the other."""
        sheet = self.sheet(slot)
        drill = exam.items[sheet.locator("[data-question]").get_attribute("data-question") or ""]
        for number, choice in enumerate(case.key(drill), start=1):
            sheet.locator(f'input[value="{choice}"]').check()
            sheet.get_by_role("button", name="就这么做").click()
            expect(sheet.locator("[data-log] li")).to_have_count(number)
        expect(sheet.get_by_text("这次演练走完了")).to_be_visible()

    def sit(self, exam: ReleaseExam, look: bool = False) -> None:
        """Answer everything, one question after the other."""
        slots = [sheet.get_attribute("data-slot") or "" for sheet in self.page.locator("[data-slot]").all()]
        for number, slot in enumerate(slots, start=1):
            if self.sheet(slot).get_attribute("data-drill"):
                self.walk_case(exam, slot)
            else:
                self.answer(exam, slot)
            if look and (number == 1 or number > len(slots) - 3):
                self.look(f"exam-{number}")
            self.sheet(slot).get_by_role("link", name=re.compile("下一题|检查和交卷")).click()

    def hand_in(self) -> None:
        self.page.get_by_role("button", name="提交试卷").click()
        self.page.get_by_role("button", name="确定交卷").click()
        self.page.wait_for_url("**/receipt")

    def result(self) -> str:
        self.follow(self.page.get_by_role("link", name="看结果"))
        self.wait_for(lambda: "正在批" not in self.text())
        return self.text()

    def home(self) -> str:
        return self.go(f"{PORTAL}/learning").text()


def tap(sheet: Locator, item: questions.Item) -> None:
    if isinstance(item, single.Item):
        sheet.locator(f'input[value="{item.key}"]').check()
    elif isinstance(item, true_false.Item):
        sheet.locator(f'input[value="{true_false.key(item)}"]').check()
    elif isinstance(item, match.Item | cloze.Item):
        fill_parts(sheet, questions.type_of(item).key(item))
    elif isinstance(item, multiple.Item | hotspot.Item):
        for each in item.key:
            sheet.locator(f'input[value="{each}"]').check()
    elif isinstance(item, order.Item):
        put_in_order(sheet, item.key)
    elif isinstance(item, numeric.Item):
        sheet.get_by_role("textbox").fill(f"{item.key.value:g}")
    elif isinstance(item, short_text.Item):
        sheet.get_by_role("textbox").fill(short_text.key(item))
    elif isinstance(item, first_report.Item):
        for name, element in item.elements.items():
            sheet.locator(f'[data-part="{name}"] input[value="{element.key}"]').check()
    elif isinstance(item, written.Item):
        sheet.get_by_role("textbox").fill(NOTE)
    else:
        raise AssertionError(f"no way to tap {item.type}")


def fill_parts(sheet: Locator, key: dict[str, str]) -> None:
    """Choose or type what each part wants."""
    for name, wanted in key.items():
        part = sheet.locator(f'[data-part="{name}"]')
        if part.evaluate("part => part.tagName") == "SELECT":
            part.select_option(wanted)
        else:
            part.fill(wanted)


def put_in_order(sheet: Locator, wanted: tuple[str, ...]) -> None:
    """Move every step up to its place, then settle the order."""
    for place, step in enumerate(wanted):
        while [each.get_attribute("data-item") for each in sheet.locator("li[data-item]").all()].index(step) > place:
            sheet.locator(f'li[data-item="{step}"] [data-move="up"]').click()
    sheet.locator("[data-settled]").check()
