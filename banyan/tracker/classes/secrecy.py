"""Who may read what a class was asked: nobody who still has to sit that exam themselves, whatever their duty."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action, may
from banyan.records.examinations import Attempt
from banyan.records.learning import Assignment
from banyan.records.training import TrainingSeat, TrainingSession
from banyan.tracker.admission import admission
from banyan.tracker.classes.finding import target
from banyan.tracker.people import Me
from banyan.tracker.rulebook import Rulebook


class Shown(StrEnum):
    """How much of a class's exam somebody is shown."""

    NOTHING = "nothing"  # they have to sit it themselves
    PAPER = "paper"
    KEYS = "keys"  # and the paper


def shown_to(session: Session, row: TrainingSession, me: Me, rulebook: Rulebook, now: datetime) -> Shown:
    """Return how much of the exam of a class, found for somebody, they may read."""
    if _has_to_sit(session, row.course, me.person.id, rulebook, now):
        return Shown.NOTHING
    return Shown.KEYS if may(me.actor, Action.MARK, target(row)) else Shown.PAPER


def _has_to_sit(session: Session, course: str, person_id: int, rulebook: Rulebook, now: datetime) -> bool:
    """Say whether the exam was asked of somebody, or begun by them, and is not passed; a pass that is spent counts no more."""
    seat = select(TrainingSeat.person_id).join(TrainingSession, TrainingSeat.session_id == TrainingSession.id)
    programmes = [each.code for each in rulebook.programmes if course in each.courses]
    asked = (
        exists(seat.where(TrainingSeat.person_id == person_id, TrainingSession.course == course)),
        exists().where(Assignment.person_id == person_id, Assignment.programme.in_(programmes)),
        exists().where(Attempt.person_id == person_id, Attempt.course == course),
    )
    if not any(session.scalar(select(each)) for each in asked):
        return False
    sat = admission(session, person_id, rulebook.catalogue.newest(course), rulebook, now).sittings
    return not any(each.passed for each in sat)
