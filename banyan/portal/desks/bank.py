"""题库: for who teaches a course, which indicator has how many questions, and how each question of the exam went."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.responses import Response

from banyan.courseware.coverage import CoverageRow, Thin, coverage
from banyan.courseware.release import Release
from banyan.domain.framework import Text
from banyan.domain.permission import Action, Duty
from banyan.errors import NotFoundError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.exposure import TELLING, Asked, Tally, exposure
from grading import questions
from grading.questions import case

routes = Routes()

THIN = {
    Thin.UNPRACTISED: N_("没有练习"),
    Thin.UNASKED: N_("考试不考"),
    Thin.FEW: N_("题少，再考容易碰到同一道"),
}
LOOK = {
    "hard": N_("答对的人很少：题干、答案要不要再看看"),
    "easy": N_("人人都答对：可以出难一点"),
    "blind": N_("会的和不会的答得差不多：问得清不清楚"),
}
TOO_HARD, TOO_EASY, BLIND = 0.3, 0.98, 0.1
SHOWN = 40


@dataclass(frozen=True)
class Line:
    """One question of the exam: how often it was met, as it reads now and before; what its author should look at."""

    stem: str
    now: Tally
    before: int
    difficulty: str | None
    look: str

    @property
    def met(self) -> int:
        return self.now.met + self.before


@routes.get("/bank", needs=Action.MARK)
def bank(page: MyPage, course: str = "", every_line: bool = False) -> Response:
    """`every_line` shows every question of the exam, else the first ones."""
    page.here = f"{PORTAL}/teaching"
    taught = courses_of(page)
    if not taught:
        return page.show("desks/no_course.html")
    if (chosen := course or taught[0]) not in taught:
        raise NotFoundError(N_("没有找到这门课，请回到上一页重新选"))
    release = page.house.rulebook.catalogue.newest(chosen)
    with page.reading() as session:
        found = exposure(session, chosen)
    lines = sorted(_lines(release, found), key=lambda each: (not each.look, -each.met))
    return page.show(
        "desks/bank.html",
        release=release,
        courses=[(each, page.language.text(page.house.rulebook.catalogue.newest(each).title)) for each in taught],
        rows=list(_rows(page, release)),
        thin=THIN,
        look=LOOK,
        lines=lines if every_line else lines[:SHOWN],
        more=0 if every_line else max(len(lines) - SHOWN, 0),
        judged=any(each.now.n for each in lines),
        telling=TELLING,
    )


def courses_of(page: MyPage) -> list[str]:
    """Return the released courses somebody trains, in the order of names."""
    mine = {charge.course for charge in page.me.actor.charges if charge.duty is Duty.TRAINER}
    return [each for each in page.house.rulebook.catalogue.courses() if each in mine]


def _rows(page: MyPage, release: Release) -> Iterator[tuple[Text, CoverageRow]]:
    """Yield each indicator the course teaches in plain words, with its row."""
    framework = page.house.rulebook.framework
    known = {each.code: each.plain for code in release.teaches for each in framework.competency(code).indicators}
    for row in coverage(release.exam.blueprint, release.exam.items, release.practice, known):
        yield known[row.indicator], row


def _lines(release: Release, found: dict[Asked, Tally]) -> Iterator[Line]:
    for name, item in release.exam.items.items():
        now = found.get((name, release.exam.versions[name]), Tally())
        before = sum(each.met for (question, _), each in found.items() if question == name) - now.met
        yield Line(_stem(item), now, before, item.difficulty, _look(now))


def _stem(item: questions.Item) -> str:
    return item.title if isinstance(item, case.Item) else item.stem


def _look(tally: Tally) -> str:
    """Return why a question's author should look at it, "" while too few have answered to say."""
    facility, told = tally.facility, tally.discrimination
    if facility is None or tally.n < TELLING:
        return ""
    if facility < TOO_HARD:
        return "hard"
    return "easy" if facility > TOO_EASY else "blind" if told is not None and told < BLIND else ""
