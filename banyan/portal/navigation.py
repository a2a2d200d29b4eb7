"""The way round: which entries the header shows to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from banyan.domain.permission import Action, Target, may
from banyan.tracker.people import Me


class Open(StrEnum):
    """What a route needs when it is nobody's action in particular."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC, SIGNED_IN = Open.PUBLIC, Open.SIGNED_IN
Needs = Open | Action


@dataclass(frozen=True)
class Entry:
    """`label` is a message; `path` is whole."""

    label: str
    path: str
    needs: Needs

    def leads_to(self, path: str) -> bool:
        return path == self.path or (not self.path.endswith("/") and path.startswith(self.path + "/"))


def may_somewhere(me: Me, action: Action) -> bool:
    """Say whether there is anyone to whom a person may do this; the verb decides about the one at hand."""
    oneself = Target(frozenset(unit.path for unit in me.units), me.person.id)
    others = (Target(frozenset({each.path}), None, each.course) for each in me.actor.charges)
    return any(may(me.actor, action, target) for target in (oneself, *others))


def allowed(me: Me | None, needs: Needs) -> bool:
    if needs is PUBLIC:
        return True
    return me is not None and (not isinstance(needs, Action) or may_somewhere(me, needs))


def learns(me: Me) -> bool:
    """Whoever is appointed somewhere learns; so does whoever has no duty at all, even if nobody appointed them yet."""
    return bool(me.units) or not me.actor.charges


def entries_for(entries: Iterable[Entry], me: Me | None) -> tuple[Entry, ...]:
    """Return what the header shows; a learner's own entries only to who learns."""
    if me is None:
        return ()
    return tuple(each for each in entries if allowed(me, each.needs) and (each.needs is not Action.LEARN or learns(me)))
