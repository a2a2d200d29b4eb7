"""An exam of one release: its slots with their fixed points, the bank, and the form one attempt is given.

Drawing is pure and can be replayed: the seed, and what the person has met before, decide, by Python's promised
`Random.random()` sequence only. Who sits again meets what they have not met yet, first of all another case.
A form names questions, their versions and how each is shuffled, and keeps whatever went into the draw beside the seed
(docs/decisions/0026); keys stay in the exam. `public_form` is what a learner's page may hold.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from banyan.courseware.manifest import Exam, Slot
from banyan.courseware.seats import seated
from banyan.domain.examination import Terms
from banyan.domain.marking import Manner
from banyan.errors import CourseError, NotFoundError
from grading import questions
from grading.questions import case
from grading.questions.shuffle import shuffled
from grading.rulings import Ruling


@dataclass(frozen=True)
class Seat:
    """One slot of the exam, one cell of the gradebook: `name` and `points` never change within a release."""

    name: str
    points: float
    wants: Slot

    @property
    def floor(self) -> float | None:
        """The points without which the exam is not passed, whatever the total."""
        return self.wants.at_least and self.points * self.wants.at_least / 100


@dataclass(frozen=True)
class ReleaseExam:
    """The exam of a release with all its keys: for the server only. `items` holds the bank and the cases.

    `rulings` say what was decided afterwards about questions by name; a release itself has none.
    `versions` says of each which text it is; a release made before there were versions has none.
    """

    course: str
    release: int
    blueprint: Exam
    items: Mapping[str, questions.Item]
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def seats(self) -> tuple[Seat, ...]:
        return tuple(seats(self.blueprint))

    @property
    def terms(self) -> Terms:
        """The exam's conditions, as the rules know them."""
        asked = self.blueprint
        return Terms(
            asked.minutes,
            asked.pass_percent,
            asked.attempts,
            asked.cooldown_hours,
            asked.opens,
            asked.closes,
            asked.invigilated,
        )

    @property
    def manner(self) -> Manner:
        """How its written answers are marked."""
        return Manner(self.blueprint.second_marker, self.blueprint.agree_within)

    def marked_by_two(self) -> "ReleaseExam":
        """Return the same exam, its written answers marked by two."""
        return replace(self, blueprint=self.blueprint.model_copy(update={"second_marker": True}))

    @property
    def total(self) -> float:
        return sum(each.points for each in self.seats)

    def to_json(self) -> dict[str, Any]:
        items = {each: questions.dump(item) for each, item in self.items.items()}
        blueprint = self.blueprint.model_dump(mode="json", by_alias=True)
        about = {"course": self.course, "release": self.release, "blueprint": blueprint, "items": items}
        rulings = {each: ruling.to_json() for each, ruling in self.rulings.items()}
        return about | {"versions": dict(self.versions)} | ({"rulings": rulings} if rulings else {})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReleaseExam":
        items = {each: questions.load(item) for each, item in data["items"].items()}
        rulings = {each: Ruling.from_json(told) for each, told in data.get("rulings", {}).items()}
        blueprint = Exam.model_validate_json(json.dumps(data["blueprint"]))
        return cls(data["course"], data["release"], blueprint, items, rulings, data.get("versions", {}))


@dataclass(frozen=True)
class FormSlot:
    """One slot as drawn; `shuffle` fixes the order of its options, `version` says which text of the question it is."""

    name: str
    question: str
    points: float
    shuffle: int
    version: str = ""


@dataclass(frozen=True)
class Form:
    """What one attempt is asked; holds no question's text and no key.

    `rule` is how it was drawn and `met` what the person had met by then, how often each: with the seed they draw it again.
    A form from before these were kept has rule 0 and no `met`.
    """

    course: str
    release: int
    slots: tuple[FormSlot, ...]
    rule: int = 0
    met: Mapping[str, int] | None = None

    def slot(self, name: str) -> FormSlot:
        """Return a slot by its name, or raise NotFoundError."""
        for each in self.slots:
            if each.name == name:
                return each
        raise NotFoundError("这份试卷没有这道题")

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"slots": [asdict(each) for each in self.slots]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Form":
        slots = tuple(FormSlot(**each) for each in data["slots"])
        return cls(data["course"], data["release"], slots, data.get("rule", 0), data.get("met"))


def seats(blueprint: Exam) -> Iterator[Seat]:
    """Yield the slots in order, named s01, s02, …; a line with a count is so many slots."""
    lines = [slot for slot in blueprint.slots for _ in range(slot.count)]
    for number, slot in enumerate(lines, start=1):
        yield Seat(f"s{number:02d}", slot.points, slot)


def candidates(wants: Slot, items: Mapping[str, questions.Item]) -> list[str]:
    """Return the questions that may sit in a slot, in the order of the bank.

    Only brief ones are drawn by indicator; reports, answers that a person marks, cases and simulations are named.
    """
    if wants.case is not None:
        return [each for each in wants.cases if each in items and items[each].type == case.name]
    if wants.indicator is None:
        return [each for each in wants.questions if each in items and items[each].type != case.name]
    return [each for each, item in items.items() if item.type in questions.BRIEF and _suits(wants, item)]


def _suits(wants: Slot, item: questions.Item) -> bool:
    return (
        wants.indicator in item.indicators
        and (not wants.difficulties or item.difficulty in wants.difficulties)
        and (wants.tag is None or wants.tag in item.tags)
    )


def vacant(blueprint: Exam, items: Mapping[str, questions.Item]) -> list[Seat]:
    """Return the slots that stay empty however one draws."""
    wishes = {seat.name: candidates(seat.wants, items) for seat in seats(blueprint)}
    filled = seated(wishes)
    return [seat for seat in seats(blueprint) if seat.name not in filled]


RULE = 1
"""The way `draw` draws; whoever changes what it returns for an old seed gives it a new number and keeps the old way."""


def draw(exam: ReleaseExam, seed: bytes, met: Sequence[str] = ()) -> Form:
    """Return the form that a seed stands for: the same exam, seed and `met` give the same form, always; no question twice.

    `met` names what earlier forms asked, as often as they did: what was met least often is drawn first.
    """
    order = random.Random(seed)  # noqa: S311 (secrecy is the seed's: an HMAC of the attempt)
    bank = {each: exam.items[each] for each in sorted(exam.items)}
    wishes = {seat.name: sorted(shuffled(candidates(seat.wants, bank), order), key=met.count) for seat in exam.seats}
    filled = seated(wishes)
    if len(filled) < len(wishes):
        raise CourseError([f"{exam.course}/exam.yaml:1: 题库填不满试卷；补题或改题位"])
    shuffles = {seat.name: int(order.random() * 2**53) for seat in exam.seats}
    asked = ((seat, filled[seat.name]) for seat in exam.seats)
    slots = (FormSlot(seat.name, q, seat.points, shuffles[seat.name], exam.versions.get(q, "")) for seat, q in asked)
    return Form(exam.course, exam.release, tuple(slots), RULE, dict(sorted(Counter(met).items())))


def redraw(exam: ReleaseExam, seed: bytes, form: Form, met: Sequence[str] = ()) -> Form:
    """Draw a form again from its seed and what it kept; `met` stands in where a form from earlier kept nothing.

    An old form comes back as it was kept then, without what forms keep today.
    """
    again = draw(exam, seed, list(Counter(form.met).elements()) if form.met is not None else met)
    if form.rule:
        return again
    bare = tuple(replace(each, version="") for each in again.slots)
    return replace(again, slots=bare, rule=0, met=None)


def public_form(exam: ReleaseExam, form: Form) -> list[dict[str, Any]]:
    """Return the form as a learner's page may hold it: slot, points, and the public view of each question."""
    return [{"slot": each.name, "points": each.points, "question": public_slot(exam, each)} for each in form.slots]


def public_slot(exam: ReleaseExam, slot: FormSlot, path: Sequence[str] = ()) -> dict[str, Any]:
    """Return one question shuffled as drawn; of one that is walked, the situation after the choices in `path`."""
    item = exam.items[slot.question]
    order = random.Random(f"{slot.shuffle}:{len(path)}".encode())  # noqa: S311 (an order of options, no secret)
    stepped = questions.stepped_type_of(item)
    return stepped.public(item, order, tuple(path)) if stepped else questions.public(item, order)
