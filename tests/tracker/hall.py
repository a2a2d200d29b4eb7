"""An exam hall: the shipped course, a learner, people beside them, and the verbs as the portal calls them."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from banyan.courseware.exam import Form, ReleaseExam
from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker import exams
from banyan.tracker.exams import Choice, Given, Saved
from banyan.tracker.grade import grade
from banyan.tracker.marking import Bench, MarkSheet, mark
from banyan.tracker.marks import Spot
from banyan.tracker.people import Me, find_me
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import case, file
from tests.county import COURSE, NOW, TODAY, County, places

NOTE = "路断改走后山机耕道；登记38人，名单40人，2人未联系上，待核。"


@dataclass(frozen=True)
class Hall:
    """`learner` and `neighbour` live in one village; `trainer` teaches there, `stranger` teaches in the next town."""

    make: Sessions
    rulebook: Rulebook
    gradebooks: Path
    learner: Me
    neighbour: Me
    trainer: Me
    second: Me
    stranger: Me

    def send_away(self, me: Me, how: str) -> None:
        """Let somebody who recorded something be there no more: "left", or "without the duty"."""
        before = TODAY - timedelta(days=1)
        with writing(self.make) as session:
            if how == "left":
                session.get_one(Person, me.person.id).left_on = before
            else:
                session.execute(update(ChargeRow).where(ChargeRow.person_id == me.person.id).values(ends_on=before))

    def transfer(self, me: Me) -> None:
        """Let somebody work in the stranger's town and no longer in their own."""
        with writing(self.make) as session:
            mine = Appointment.person_id == me.person.id
            session.execute(update(Appointment).where(mine).values(ends_on=TODAY - timedelta(days=1)))
            County(session, people=950).appoint(session.get_one(Person, me.person.id), self.stranger.units[0], "GS")

    @property
    def bench(self) -> Bench:
        return Bench(self.rulebook, self.gradebooks)

    @property
    def exam(self) -> ReleaseExam:
        return self.rulebook.catalogue.newest(COURSE).exam

    def learn(self, me: Me | None = None) -> None:
        """Finish every lesson, as the exam asks."""
        with writing(self.make) as session:
            finish_lessons(session, (me or self.learner).person.id, self.rulebook)

    def begin(self, me: Me | None = None, now: datetime = NOW) -> Attempt:
        """Begin as somebody who has learnt."""
        self.learn(me)
        with writing(self.make) as session:
            return exams.begin(session, COURSE, me or self.learner, self.rulebook, now)

    def give(self, attempt: Attempt, slot: str, value: Any, seq: int = 1, now: datetime = NOW) -> Saved:
        with writing(self.make) as session:
            me = self._sitter(attempt)
            return exams.save_answer(session, attempt.id, me, Given(slot, seq, value), self.rulebook, now)

    def step(self, attempt: Attempt, slot: str, number: int, choice: str, now: datetime = NOW) -> exams.CaseState:
        with writing(self.make) as session:
            me = self._sitter(attempt)
            return exams.take_step(session, attempt.id, me, Choice(slot, number, choice), self.rulebook, now)

    def answer(self, attempt: Attempt, leave: Collection[str] = (), path: Callable[[case.Item], case.Path] = case.key) -> None:
        """Answer every slot rightly except those left blank; walk the case that was drawn along a path, else the best one."""
        for seat in Form.from_json(attempt.form).slots:
            item = self.exam.items[seat.question]
            if isinstance(item, case.Item):
                for number, choice in enumerate(path(item), start=1):
                    self.step(attempt, seat.name, number, choice)
            elif seat.name not in leave:
                self.give(attempt, seat.name, right(item))

    def hand_in(self, attempt: Attempt, now: datetime = NOW) -> Submission:
        with writing(self.make) as session:
            return exams.submit(session, attempt.id, self._sitter(attempt), self.rulebook, now)

    def grade(self, submission: Submission, now: datetime = NOW) -> State | None:
        return grade(self.make, submission.id, self.rulebook, self.gradebooks, now)

    def mark(self, submission: Submission, *rows: float, by: Me | None = None, comment: str = "") -> Submission:
        sheet = MarkSheet(Spot(submission.id, self.slot_of("open")), rows, comment)
        with writing(self.make) as session:
            return mark(session, sheet, by or self.trainer, self.bench, NOW)

    def row(self, submission: Submission) -> Submission:
        with reading(self.make) as session:
            return session.get_one(Submission, submission.id)

    def slot_of(self, kind: str) -> str:
        """Return the slot that holds the written answer, the first report or the case."""
        return next(
            seat.name
            for seat in self.exam.seats
            if any(self.exam.items[each].type == kind for each in (*seat.wants.questions, *seat.wants.cases))
        )

    def drill_of(self, attempt: Attempt) -> case.Item:
        """Return the case an attempt has drawn."""
        drawn = self.exam.items[Form.from_json(attempt.form).slot(self.slot_of("case")).question]
        assert isinstance(drawn, case.Item)
        return drawn

    def sat(self, me: Me | None = None, **how: Any) -> Submission:
        """Begin, answer and hand in."""
        attempt = self.begin(me)
        self.answer(attempt, **how)
        return self.hand_in(attempt)

    def fail(self, times: int, me: Me | None = None) -> datetime:
        """Sit and fail so many times, a day apart, the last time yesterday; return when that was handed in."""
        for day in range(times, 0, -1):
            moment = NOW - timedelta(days=day)
            attempt = self.begin(me, moment)
            submission = self.hand_in(attempt, moment)
            with writing(self.make) as session:
                row = session.get_one(Submission, submission.id)
                row.state, row.passed, row.score, row.total = State.GRADED, False, 40.0, 100.0
                row.scores, row.graded_at = {}, moment
        return moment

    def _sitter(self, attempt: Attempt) -> Me:
        return next(each for each in (self.learner, self.neighbour) if each.person.id == attempt.person_id)


def finish_lessons(session: Session, person_id: int, rulebook: Rulebook) -> None:
    """Let somebody have read every step of the course; what they had read stays as it was."""
    release = rulebook.catalogue.newest(COURSE)
    for lesson in release.lessons:
        for step in lesson.steps:
            finish_step(session, person_id, release, Place(lesson.name, step.name), NOW)


def right(item: questions.Item) -> Any:
    """Return the right answer to a question as a phone sends it; of a written answer, some text, of a photo, that it is there."""
    if isinstance(item, file.Item):
        return file.HERE
    key = questions.type_of(item).key(item)
    return NOTE if key is None else json.loads(questions.wire(key))


def open_hall(make: Sessions, rulebook: Rulebook, gradebooks: Path) -> Hall:
    with writing(make) as session:
        county = County(session)
        at = places(county)
        people = {
            "learner": county.person("陈晓明", at.xikou_1),
            "neighbour": county.person("林秀英", at.xikou_2),
            "trainer": county.person("黄老师", at.qingshi, "CW", "卫生院护士"),
            "second": county.person("何老师", at.county, "CW", "应急局干部"),
            "stranger": county.person("周老师", at.yunxi, "CW", "卫生院护士"),
        }
        county.trust(people["trainer"], "trainer", at.qingshi, COURSE)
        county.trust(people["second"], "trainer", at.county, COURSE)
        county.trust(people["stranger"], "trainer", at.yunxi, COURSE)
        everybody = {name: find_me(session, person.staff_number, county_day(NOW)) for name, person in people.items()}
    assert county_day(NOW) == TODAY
    return Hall(make, rulebook, gradebooks, **everybody)
