"""Who may open whose door, and who may hand on which duty: nobody comes to hold more than they held before.

A slip is a person's whole account. So an administrator issues one only for somebody of their own subtrees all of
whose charges, today's and those to come, lie within these too; for who looks after the platform, only another who
does. What somebody else handed on for a time counts for none of this: it must not outlive its day. For oneself nobody
issues any: a session left open must not become a password. A duty is given and taken by the same measure.
"""

from collections.abc import Collection

from banyan.domain.organisation import lies_within
from banyan.domain.permission import Action, Actor, Charge, Duty, Target, may, subtrees


def may_open(actor: Actor, target: Target, held: Collection[Charge]) -> bool:
    """Say whether somebody may issue a slip for a person with these charges, today's and coming ones."""
    return (
        target.person_id != actor.person_id
        and may(actor, Action.ISSUE_SLIP, target)
        and all(commands(actor, each) for each in held)
    )


def may_grant(actor: Actor, target: Target, charge: Charge) -> bool:
    """Say whether somebody may give a person a duty, or take it from them."""
    return may(actor, Action.GRANT, target) and commands(actor, charge)


def commands(actor: Actor, charge: Charge) -> bool:
    """Say whether what a charge reaches is in an actor's hands anyway."""
    if charge.duty is Duty.PLATFORM:
        return subtrees(actor, Duty.PLATFORM) != ()
    own = Actor(actor.person_id, tuple(each for each in actor.charges if not each.lent))
    return any(lies_within(charge.path, path) for path in subtrees(own, Duty.ADMINISTRATOR))
