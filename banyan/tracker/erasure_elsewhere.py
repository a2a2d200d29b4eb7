"""Where papers of office still name somebody who is to be erased: notices and summaries of classes, captions, settings.

They are words somebody wrote for a public purpose and may name a namesake, so nothing is changed in them by itself: whoever
decides reads where they stand and has them put right.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Duty
from banyan.records.classes import ClassPhoto, ClassText
from banyan.records.county import CountySetting
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.records.training import TrainingSession
from banyan.tracker.county import NEWEST
from banyan.tracker.people import Me, under
from banyan.tracker.registers import reach


class Paper(StrEnum):
    TEXT = "text"  # the notice or summary of a class
    CAPTION = "caption"
    SETTING = "setting"


@dataclass(frozen=True)
class Mention:
    """In what kind of paper, and in which: a class's title, a setting's key."""

    paper: Paper
    which: str


def told_elsewhere(session: Session, person: Person, by: Me) -> list[Mention]:
    """Return where somebody's name or phone stands today, as far as an administrator's units reach."""
    everywhere = any(each.duty is Duty.PLATFORM for each in by.actor.charges)
    found = [
        (paper, session.scalars(query if everywhere else query.where(under(reach(by))))) for paper, query in _queries(person)
    ]
    return list(dict.fromkeys(Mention(paper, which) for paper, whiches in found for which in whiches))


def _queries(person: Person) -> Iterator[tuple[Paper, Select[Any]]]:
    newest = select(func.max(ClassText.id)).group_by(ClassText.session_id, ClassText.kind)
    classes = select(TrainingSession.title).join(Unit, TrainingSession.unit_id == Unit.id)
    texts = classes.join(ClassText, ClassText.session_id == TrainingSession.id).where(ClassText.id.in_(newest))
    yield Paper.TEXT, texts.where(_names(person, ClassText.body))
    photos = classes.join(ClassPhoto, ClassPhoto.session_id == TrainingSession.id).where(ClassPhoto.removed_at.is_(None))
    yield Paper.CAPTION, photos.where(_names(person, ClassPhoto.caption))
    settings = select(CountySetting.key).join(Unit, CountySetting.unit_id == Unit.id).where(CountySetting.id.in_(NEWEST))
    yield Paper.SETTING, settings.where(or_(_names(person, CountySetting.value), _names(person, CountySetting.owner)))


def _names(person: Person, column: Any) -> Any:
    text = cast(column, Text)
    said = {person.name, json.dumps(person.name)[1:-1], person.phone} - {""}
    return or_(*(text.contains(each, autoescape=True) for each in sorted(said)))
