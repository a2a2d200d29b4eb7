"""One class of the demo county with nothing lacking in its file, held by the verbs a trainer holds one with."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.attendance import Span
from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.examination import State
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Person
from banyan.records.training import TrainingPart, TrainingSession
from banyan.tracker.amending import Amendment
from banyan.tracker.answer_files import keep
from banyan.tracker.attempts import answers_of, exam_of, form_of
from banyan.tracker.attendance import Correction, Roll, call_roll, correct, open_code, screen_code, sign_in
from banyan.tracker.classes.file import file_of
from banyan.tracker.classes.photos import add_photos
from banyan.tracker.classes.texts import Summary, proposed, write_notice, write_summary
from banyan.tracker.demo.county import COURSE
from banyan.tracker.demo.pictures import pictures
from banyan.tracker.demo.progress import TOGETHER
from banyan.tracker.drills import Choice, take_step
from banyan.tracker.exams import Given, begin, save_answer, submit
from banyan.tracker.outcome import Graded, SlotResult, passed, score_form
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.settling import close
from banyan.tracker.trainings import TrainingPlan, plan, seat
from grading import questions
from grading.pictures import redrawn

TITLE, PLACE = "突发事件信息报告实训（第一期）", "榕溪县实训基地（示例）"
HOURS = ((9, 0, 11, 30), (14, 30, 17, 0))
NOTE = "路断改走后山机耕道；登记38人，名单40人，2人未联系上，待核。"
WORDS = """上午讲一条报告要说清哪六样，分组口头报了两轮；下午照情景卡演练，先报人数、再报位置，三组都在时限内报到了镇值班室。

一个人下午被叫去处置险情，提前走了，签到已照实更正。书面报告里人数核对还不熟，下一期多练一轮。"""


def hold_class(session: Session, trainer: Person, people: Sequence[Person], rulebook: Rulebook, now: datetime) -> None:
    """Hold one class of a day with these people: planned, signed in to, sat, settled."""
    day = county_day(now - TOGETHER)
    moments = [datetime.combine(day, time(*each), COUNTY_TIME) for span in HOURS for each in (span[:2], span[2:])]
    spans = (Span(moments[0], moments[1]), Span(moments[2], moments[3]))
    by, before, after = find_me(session, trainer.staff_number, county_day(now)), moments[0] - timedelta(days=7), moments[3]
    root = "/" + by.actor.charges[0].path.strip("/").split("/")[0] + "/"
    shows = {"C5.2": rulebook.framework.competency("C5.2").indicator_codes}
    wish = TrainingPlan(COURSE, root, TITLE, PLACE, 40, shows, 3, spans, "demo-class")
    row = plan(session, wish, by, rulebook, before)
    seat(session, row.id, [each.id for each in people], by, before)
    everybody = [find_me(session, each.staff_number, day) for each in people]
    for part in row.parts:
        _sign_in(session, part, everybody, by, rulebook)
    for number, me in enumerate(everybody):
        _sit(session, me, number, rulebook, after + timedelta(minutes=30))
    fix = Correction(row.parts[1].id, people[-1].id, 60)
    correct(session, fix, Amendment(by, "下午被叫去处置险情，提前走了"), rulebook, after)
    close(session, row.id, by, rulebook, after + timedelta(hours=2))


def complete_class(session: Session, folder: Path, rulebook: Rulebook, now: datetime) -> None:
    """Put what people write and photograph into the file of the demo's class."""
    row = session.scalars(select(TrainingSession).where(TrainingSession.form_key == "demo-class")).one()
    trainer = session.get_one(Person, row.planned_by)
    by, over = find_me(session, trainer.staff_number, county_day(now)), row.parts[-1].ends_at + timedelta(hours=3)
    notice = replace(
        proposed(row, county_day(row.planned_at)),
        number="榕县应急〔2026〕15号（示例）",
        invited="青石镇各村专职、兼职网格员",
        words="请带手机，提前充好电；乘车的人八点在镇政府门口集合。",
        ordered_by="榕溪县应急管理局（示例）",
        contact=f"{trainer.name} 0000-1003000",
    )
    write_notice(session, row.id, notice, by, row.planned_at)
    for caption, drawn in pictures():
        add_photos(session, row.id, [keep(folder, redrawn(drawn))], caption, by, over)
    figures = file_of(session, row, rulebook, now).figures
    write_summary(session, row.id, Summary(WORDS, figures), by, now)


def _sign_in(session: Session, part: TrainingPart, people: Sequence[Me], by: Me, rulebook: Rulebook) -> None:
    """Let most scan the trainer's screen as they come, and the last one, who has no phone, be ticked."""
    for minute, me in enumerate(people[:-1]):
        moment = part.starts_at - timedelta(minutes=12 - minute)
        _, ticket = open_code(session, part.id, screen_code(rulebook, part, moment), me, rulebook, moment)
        sign_in(session, part.id, ticket, me, rulebook, moment)
    last = [people[-1].person.id]
    call_roll(session, Roll(part.id, last, last), by, part.starts_at)


def _sit(session: Session, me: Me, number: int, rulebook: Rulebook, now: datetime) -> None:
    """Sit the exam, a question or two left blank, and be given the points without a gradebook."""
    attempt = begin(session, COURSE, me, rulebook, now)
    _answer(session, attempt, me, rulebook, {each for each in (number % 5, number % 7) if number % 3})
    row = submit(session, attempt.id, me, rulebook, now + timedelta(minutes=20 + number))
    _give_points(row, attempt, _results(session, attempt, rulebook), rulebook)


def _answer(session: Session, attempt: Attempt, me: Me, rulebook: Rulebook, blank: Iterable[int]) -> None:
    exam, left = exam_of(attempt, rulebook), set(blank)
    for place, slot in enumerate(form_of(attempt).slots):
        item, moment = exam.items[slot.question], attempt.started_at + timedelta(seconds=20 * (place + 1))
        kind = questions.type_of(item)
        if kind.stepped:
            for step, choice in enumerate(kind.key(item), start=1):
                take_step(session, attempt.id, me, Choice(slot.name, step, choice), rulebook, moment)
        elif place not in left:
            key = kind.key(item)
            value = NOTE if key is None else json.loads(questions.wire(key))
            save_answer(session, attempt.id, me, Given(slot.name, 1, value), rulebook, moment)


def _results(session: Session, attempt: Attempt, rulebook: Rulebook) -> tuple[SlotResult, ...]:
    """Return what the answers earn; what a person marks has most of its points."""
    found = score_form(exam_of(attempt, rulebook), form_of(attempt), answers_of(session, attempt))
    return tuple(replace(each, points=each.max_points * 0.75, needs_mark=False) if each.needs_mark else each for each in found)


def _give_points(row: Submission, attempt: Attempt, results: tuple[SlotResult, ...], rulebook: Rulebook) -> None:
    day = county_day(row.submitted_at)
    graded = Graded(row.id, attempt.person_id, day, exam_of(attempt, rulebook), form_of(attempt), {}, results)
    row.scores, row.score, row.total = SlotResult.keep(results), graded.score, graded.total
    row.passed, row.state, row.graded_at = passed(graded), State.GRADED.value, row.submitted_at
