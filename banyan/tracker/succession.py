"""What somebody recorded and can put right no more: they left, lost the duty, or the person is somewhere else now.

Whoever saw something says it anew themselves. Once they may not any more, whoever may there now takes it back whole.
"""

from datetime import date

from sqlalchemy.orm import Session

from banyan.domain.permission import Action, Target, may
from banyan.errors import NotFoundError
from banyan.records.people import Person
from banyan.tracker.people import Me, find_me


def may_take_back(session: Session, recorder: Person, me: Me, action: Action, target: Target, today: date) -> bool:
    """Say whether somebody who may act there may take back what another recorded: it is their own, or nobody's any more."""
    return recorder.id == me.person.id or not still_may(session, recorder, action, target, today)


def still_may(session: Session, recorder: Person, action: Action, target: Target, today: date) -> bool:
    try:
        them = find_me(session, recorder.staff_number, today)
    except NotFoundError:
        return False
    return may(them.actor, action, target)
