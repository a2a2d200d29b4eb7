"""The way round: which entries the header shows to whom.

A learner sees their own; whoever has a duty sees the few that duty is done with every day, and the rest one step behind
更多, their own learning last. What is never more than AT_ONCE stands in the open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

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


@dataclass(frozen=True)
class Ways:
    """What stands in the open, and what stands behind 更多: duties, then one's own learning."""

    first: tuple[Entry, ...]
    duties: tuple[Entry, ...] = ()
    own: tuple[Entry, ...] = ()

    def hide(self, path: str) -> bool:
        """Say whether the page one is on stands behind 更多."""
        return any(each.leads_to(path) for each in (*self.duties, *self.own))


def may_somewhere(me: Me, action: Action) -> bool:
    """Say whether there is anyone to whom a person may do this; the verb decides about the one at hand."""
    charges = me.actor.charges
    reached = frozenset(unit.path for unit in me.units) if charges else frozenset()  # without a charge no path counts
    return _may_somewhere(charges, reached, action)


@lru_cache(maxsize=4096)
def _may_somewhere(charges: tuple[Charge, ...], paths: frozenset[str], action: Action) -> bool:
    """The same of anybody with these charges and posts: who they are does not matter."""
    actor = Actor(0, charges)
    others = (Target(frozenset({each.path}), None, each.course) for each in charges)
    return any(may(actor, action, target) for target in (Target(paths, actor.person_id), *others, Target(alone=True)))


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
    shown = tuple(entries)
    may = {needs: allowed(me, needs) for needs in {each.needs for each in shown}}
    return tuple(each for each in shown if may[each.needs] and (not each.is_own or learns(me)))


def folded(entries: tuple[Entry, ...]) -> Ways:
    """Return the entries of one person as the header shows them."""
    duties = [each for each in entries if not each.is_own]
    if not duties or len(entries) <= AT_ONCE - 1:
        return Ways(entries)
    first = ([each for each in duties if each.daily] or duties)[: AT_ONCE - 1]
    own = tuple(each for each in entries if each.is_own)
    return Ways(tuple(first), tuple(each for each in duties if each not in first), own)
