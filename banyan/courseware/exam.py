"""An exam of one release: its slots with their fixed points, the bank, and the form one attempt is given.

Drawing is pure and can be replayed: the seed, and what the person has met before, decide, by Python's promised
`Random.random()` sequence only. Who sits again meets what they have not met yet, first of all another case.
A form names questions and how each is shuffled; keys stay in the exam. `public_form` is what a learner's page may hold.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
    """

    course: str
    release: int
    blueprint: Exam
    items: Mapping[str, questions.Item]
    rulings: Mapping[str, Ruling] = field(default_factory=dict)

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

    @property
    def total(self) -> float:
        return sum(each.points for each in self.seats)

    def to_json(self) -> dict[str, Any]:
        items = {each: questions.dump(item) for each, item in self.items.items()}
        blueprint = self.blueprint.model_dump(mode="json", by_alias=True)
        told = {"course": self.course, "release": self.release, "blueprint": blueprint, "items": items}
        rulings = {each: ruling.to_json() for each, ruling in self.rulings.items()}
        return told | ({"rulings": rulings} if rulings else {})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReleaseExam":
        items = {each: questions.load(item) for each, item in data["items"].items()}
        rulings = {each: Ruling.from_json(told) for each, told in data.get("rulings", {}).items()}
        blueprint = Exam.model_validate_json(json.dumps(data["blueprint"]))
        return cls(data["course"], data["release"], blueprint, items, rulings)


@dataclass(frozen=True)
class FormSlot:
    """One slot as drawn; `shuffle` fixes the order of its options."""

    name: str
    question: str
    points: float
    shuffle: int


@dataclass(frozen=True)
class Form:
    """What one attempt is asked; holds no question's text and no key."""

    course: str
    release: int
    slots: tuple[FormSlot, ...]

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
        return cls(data["course"], data["release"], tuple(FormSlot(**each) for each in data["slots"]))


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
    return [each for each, item in items.items() if item.type in questions.BRIEF and wants.indicator in item.indicators]


def vacant(blueprint: Exam, items: Mapping[str, questions.Item]) -> list[Seat]:
    """Return the slots that stay empty however one draws."""
    wishes = {seat.name: candidates(seat.wants, items) for seat in seats(blueprint)}
    filled = seated(wishes)
    return [seat for seat in seats(blueprint) if seat.name not in filled]


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
    slots = (FormSlot(seat.name, filled[seat.name], seat.points, shuffles[seat.name]) for seat in exam.seats)
    return Form(exam.course, exam.release, tuple(slots))


def public_form(exam: ReleaseExam, form: Form) -> list[dict[str, Any]]:
    """Return the form as a learner's page may hold it: slot, points, and the public view of each question."""
    return [{"slot": each.name, "points": each.points, "question": public_slot(exam, each)} for each in form.slots]


def public_slot(exam: ReleaseExam, slot: FormSlot, path: Sequence[str] = ()) -> dict[str, Any]:
    """Return one question shuffled as drawn; of one that is walked, the situation after the choices in `path`."""
    item = exam.items[slot.question]
    order = random.Random(f"{slot.shuffle}:{len(path)}".encode())  # noqa: S311 (an order of options, no secret)
    stepped = questions.stepped_type_of(item)
    return stepped.public(item, order, tuple(path)) if stepped else questions.public(item, order)
