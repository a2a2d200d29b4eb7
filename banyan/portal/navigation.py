"""The way round: which entries the header shows to whom.

A learner sees their own; whoever has a duty sees the few that duty is done with every day, and the rest one step behind
更多, their own learning last. What is never more than AT_ONCE stands in the open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from banyan.domain.permission import Action, Actor, Charge, Target, may
from banyan.tracker.people import Me


class Open(StrEnum):
    """What a route needs when it is nobody's action in particular."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC, SIGNED_IN = Open.PUBLIC, Open.SIGNED_IN
Needs = Open | Action
AT_ONCE = 5  # what fits two rows of a phone in large type, 更多 among them


@dataclass(frozen=True)
class Entry:
    """`label` is a message; `path` is whole."""

    label: str
    path: str
    needs: Needs
    daily: bool = False

    @property
    def is_own(self) -> bool:
        """Say whether it leads to one's own learning, not to a duty."""
        return self.needs is Action.LEARN

    def leads_to(self, path: str) -> bool:
        return path == self.path or (not self.path.endswith("/") and path.startswith(self.path + "/"))


@dataclass(frozen=True, eq=False)
class Ways:
    """`first` stands in the open, behind 更多 `duties`, then one's `own` learning; `entries` are all of them in their order."""

    entries: tuple[Entry, ...]
    first: tuple[Entry, ...]
    duties: tuple[Entry, ...] = ()
    own: tuple[Entry, ...] = ()

    @cached_property
    def desk(self) -> Entry | None:
        """Return the first way to a duty, None for whoever only learns."""
        return next((each for each in self.entries if not each.is_own), None)

    def leading_to(self, path: str) -> frozenset[Entry]:
        """Return the entries that are marked on a page: it is theirs, or lies below theirs."""
        return frozenset(each for each in self.entries if each.leads_to(path))


def may_somewhere(me: Me, action: Action) -> bool:
    """Say whether there is anyone to whom a person may do this; the verb decides about the one at hand."""
    return _may_somewhere(me.actor.charges, _reached(me), action)


def _reached(me: Me) -> frozenset[str]:
    """Return the paths of a person's posts; without a charge none of them counts."""
    return frozenset(unit.path for unit in me.units) if me.actor.charges else frozenset()


@lru_cache(maxsize=4096)
def _may_somewhere(charges: tuple[Charge, ...], paths: frozenset[str], action: Action) -> bool:
    """The same of anybody with these charges and posts: who they are does not matter."""
    actor = Actor(0, charges)
    others = (Target(frozenset({each.path}), None, each.course) for each in charges)
    return any(may(actor, action, target) for target in (Target(paths, actor.person_id), *others, Target(alone=True)))


def learns(me: Me) -> bool:
    """Whoever is appointed somewhere learns; so does whoever has no duty at all, even if nobody appointed them yet."""
    return bool(me.units) or not me.actor.charges


class Signs:
    """What the header shows to whom. Whoever has the same charges and posts is shown the same: it is put together once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._alike = lru_cache(maxsize=4096)(self._put_together)

    def ways(self, me: Me | None) -> Ways:
        return self._alike(me.actor.charges, _reached(me), learns(me)) if me else NOWHERE

    def _put_together(self, charges: tuple[Charge, ...], paths: frozenset[str], learns: bool) -> Ways:
        """A learner's own entries are for who learns."""
        shown = (each for each in self.entries if learns or not each.is_own)
        return folded(
            tuple(each for each in shown if not isinstance(each.needs, Action) or _may_somewhere(charges, paths, each.needs))
        )


def folded(entries: tuple[Entry, ...]) -> Ways:
    """Return the entries of one person as the header shows them."""
    duties = [each for each in entries if not each.is_own]
    if not duties or len(entries) <= AT_ONCE - 1:
        return Ways(entries, entries)
    first = ([each for each in duties if each.daily] or duties)[: AT_ONCE - 1]
    own = tuple(each for each in entries if each.is_own)
    return Ways(entries, tuple(first), tuple(each for each in duties if each not in first), own)


NOWHERE = folded(())
"""For a stranger."""
