"""What a programme asks for, what a person still lacks, and what a certificate is worth on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from banyan.domain.calendar import add_months
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Framework, Kind, Role, Text
from banyan.domain.standing import standing


@dataclass(frozen=True)
class Programme:
    """`targets` names the level to reach per competency; a certificate lasts `valid_months`.

    `foundation` are the courses of the programmes it builds on. A certificate may be renewed from `renew_within_days`
    before its last day. With `second_pair_of_eyes` it is granted by a certifier, with `trainer_apart` by one who neither
    taught nor assessed the person, and with `second_marker` two people mark the written answers of its courses' exams;
    `leave_suspends` says whether recorded leave stops the clock of what was shown.
    """

    code: str
    title: Text
    certificate_title: str
    role: Role
    tier: str
    targets: Mapping[str, int]
    courses: tuple[str, ...]
    hours_max: float
    valid_months: int
    effective_from: date
    renew_within_days: int = 60
    foundation: tuple[str, ...] = ()
    second_pair_of_eyes: bool = False
    trainer_apart: bool = False
    leave_suspends: bool = False
    second_marker: bool = False


class Need(StrEnum):
    """The next thing that would bring a person nearer."""

    EXAM = "exam"
    DRILL = "drill"
    PRACTICAL = "practical"
    COACHING = "coaching"


NEXT = {0: Need.EXAM, 1: Need.DRILL, 2: Need.PRACTICAL, 3: Need.COACHING}


@dataclass(frozen=True)
class Gap:
    competency: str
    wanted: int
    held: int

    @property
    def need(self) -> Need:
        return NEXT[self.held]


def missing(programme: Programme, framework: Framework, evidence: Iterable[Evidence], today: date) -> tuple[Gap, ...]:
    """Return what a person still lacks for a programme on a day, in the programme's order.

    A competency that this version of the framework has no longer is lacked by everybody: nothing shown of it counts.
    """
    rows = list(evidence)
    known = [code for code in programme.targets if code in framework]
    held = dict.fromkeys(programme.targets, 0) | {code: standing(framework.competency(code), rows, today).level for code in known}
    return tuple(Gap(code, wanted, held[code]) for code, wanted in programme.targets.items() if held[code] < wanted)


class Validity(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def expiry(programme: Programme, issued_on: date) -> date:
    """Return the last day a certificate issued on a day is good for."""
    return add_months(issued_on, programme.valid_months)


def validity(expires_on: date, revoked: bool, today: date) -> Validity:
    if revoked:
        return Validity.REVOKED
    return Validity.VALID if today <= expires_on else Validity.EXPIRED


Offer = Mapping[Kind, Mapping[str, int]]
"""What courses can show once: kind of evidence -> competency -> level it is given for."""


def out_of_reach(programme: Programme, framework: Framework, offer: Offer, today: date) -> tuple[Gap, ...]:
    """Return the targets nobody could reach with all that the courses offer; a sound programme has none."""
    rows = [
        observe(framework.competency(code), framework.competency(code).indicator_codes, kind, level, today)
        for kind, levels in offer.items()
        for code, level in levels.items()
        if code in framework
    ]
    return missing(programme, framework, rows, today)
