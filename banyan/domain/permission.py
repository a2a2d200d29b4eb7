"""Who may do what, to whom, where: one table.

A person's duties are dated and bound to a unit; what lies outside the unit's subtree does not exist for them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from banyan.domain.organisation import lies_within


class Duty(StrEnum):
    """What a person is trusted with beside their own learning."""

    TRAINER = "trainer"
    ASSESSOR = "assessor"  # watches practicals, marks no paper
    CERTIFIER = "certifier"  # decides on certificates where a programme wants somebody besides the trainer
    SUPERVISOR = "supervisor"  # sees who under them lacks what, and reminds; changes nothing
    ADMINISTRATOR = "administrator"
    PLATFORM = "platform"


BY_COURSE = (Duty.TRAINER, Duty.ASSESSOR)
"""The duties that are for one course."""
OBSERVERS = (Duty.TRAINER, Duty.ASSESSOR)
GUIDES = (Duty.TRAINER, Duty.ASSESSOR, Duty.SUPERVISOR, Duty.ADMINISTRATOR)
CARERS = (Duty.ADMINISTRATOR, Duty.SUPERVISOR)


class Action(StrEnum):
    LEARN = "learn"
    MARK = "mark"
    OBSERVE = "observe"
    SEE_CLASSES = "see_classes"  # the file of a class, for whoever answers for it
    ASSESS = "assess"  # watch somebody at their work
    LEAD_SERVICE = "lead_service"  # and confirm its hours
    REVIEW = "review"  # what was handed in for a portfolio
    CHECK_DOCUMENT = "check_document"  # a certificate of others that somebody brings
    CONFIRM_PRACTICE = "confirm_practice"  # that somebody practised under one
    CERTIFY = "certify"  # decide on a certificate somebody else has earned
    REMIND = "remind"  # see who lacks a certificate or will, and remind them
    SEE_PEOPLE = "see_people"
    ASSIGN = "assign"
    SEE_CERTIFICATES = "see_certificates"
    REVOKE = "revoke"
    READ_AUDIT = "read_audit"
    MANAGE_PEOPLE = "manage_people"  # rosters, posts, who left
    ERASE = "erase"  # decide on a request to be erased
    MANAGE_UNITS = "manage_units"  # the tree of units, and their facilities
    ISSUE_SLIP = "issue_slip"
    GRANT = "grant"  # duties
    LEND = "lend"  # one's own duty, for a time
    SEE_DUTIES = "see_duties"  # one's own
    SET_COUNTY = "set_county"
    PUBLISH = "publish"  # courses
    INVIGILATE = "invigilate"
    LENGTHEN = "lengthen"  # the exam's time for one learner
    ANSWER = "answer"  # what learners say of a question
    CORRECT = "correct"  # the keys of an exam that was sat already
    OVERSEE = "oversee"  # what waits too long at the trainers' desks
    LOOK_AFTER = "look_after"  # the server
    SWITCH_LAB = "switch_lab"  # JupyterLab for somebody
    READ_GRADEBOOK = "read_gradebook"  # a copy of it, in JupyterLab


@dataclass(frozen=True)
class Charge:
    """A duty at a unit; those BY_COURSE are for one course. `lent` is one that somebody else handed on for a time."""

    duty: Duty
    path: str
    course: str = ""
    lent: bool = False


@dataclass(frozen=True)
class Actor:
    person_id: int
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True)
class Target:
    """What is acted on: somebody's record at the units they are appointed to, or a unit itself.

    `alone` is somebody whom nobody else administers in their own right.
    """

    paths: frozenset[str] = frozenset()
    person_id: int | None = None
    course: str = ""
    alone: bool = False


Rule = Callable[[Actor, Target], bool]


def oneself(actor: Actor, target: Target) -> bool:
    return target.person_id == actor.person_id


def someone_else(actor: Actor, target: Target) -> bool:
    return target.person_id != actor.person_id


def trainer_of_course(actor: Actor, target: Target) -> bool:
    """A trainer of this course, for a learner in their own subtree, never for themselves."""
    return _bears_for_course(Duty.TRAINER, actor, target)


def assessor_of_course(actor: Actor, target: Target) -> bool:
    """An assessor of this course, for a learner in their own subtree, never for themselves."""
    return _bears_for_course(Duty.ASSESSOR, actor, target)


def certifier_over(actor: Actor, target: Target) -> bool:
    return _reaches([each for each in actor.charges if each.duty is Duty.CERTIFIER], target)


def other_certifier_over(actor: Actor, target: Target) -> bool:
    return someone_else(actor, target) and certifier_over(actor, target)


def other_supervisor_over(actor: Actor, target: Target) -> bool:
    return someone_else(actor, target) and _reaches([each for each in actor.charges if each.duty is Duty.SUPERVISOR], target)


def guide_over(actor: Actor, target: Target) -> bool:
    """Whoever bears a duty over somebody else with whom one can practise, whatever the course."""
    return someone_else(actor, target) and _reaches([each for each in actor.charges if each.duty in GUIDES], target)


def administrator_over(actor: Actor, target: Target) -> bool:
    return _reaches([each for each in actor.charges if each.duty is Duty.ADMINISTRATOR], target)


def other_administrator_over(actor: Actor, target: Target) -> bool:
    return someone_else(actor, target) and administrator_over(actor, target)


def other_administrator_in_own_right(actor: Actor, target: Target) -> bool:
    """An administrator whose duty was not handed on by somebody else."""
    return someone_else(actor, target) and _reaches(
        [each for each in actor.charges if each.duty is Duty.ADMINISTRATOR and not each.lent], target
    )


def bearer_over(actor: Actor, target: Target) -> bool:
    """Whoever bears a duty in their own right that reaches somebody else; for a course, one of that course."""
    mine = [
        each
        for each in actor.charges
        if each.duty is not Duty.PLATFORM and not each.lent and (each.duty not in BY_COURSE or each.course == target.course)
    ]
    return someone_else(actor, target) and _reaches(mine, target)


def oneself_with_a_duty(actor: Actor, target: Target) -> bool:
    return oneself(actor, target) and actor.charges != ()


def platform_administrator(actor: Actor, target: Target) -> bool:
    return any(each.duty is Duty.PLATFORM for each in actor.charges)


def platform_administrator_for_the_alone(actor: Actor, target: Target) -> bool:
    """The platform's administrator, for somebody else whom nobody administers; a request must have somebody who decides."""
    return target.alone and someone_else(actor, target) and platform_administrator(actor, target)


MAY: dict[Action, list[Rule]] = {  # any one suffices
    Action.LEARN: [oneself],
    Action.MARK: [trainer_of_course],
    Action.OBSERVE: [trainer_of_course, assessor_of_course],
    Action.SEE_CLASSES: [trainer_of_course, assessor_of_course, administrator_over],
    Action.ASSESS: [assessor_of_course],
    Action.LEAD_SERVICE: [guide_over],
    Action.REVIEW: [trainer_of_course, assessor_of_course],
    Action.CHECK_DOCUMENT: [other_administrator_over],
    Action.CONFIRM_PRACTICE: [guide_over],
    Action.CERTIFY: [other_certifier_over],
    Action.REMIND: [administrator_over, other_supervisor_over],
    Action.SEE_PEOPLE: [administrator_over],
    Action.ASSIGN: [administrator_over],
    Action.SEE_CERTIFICATES: [oneself, administrator_over],
    Action.REVOKE: [other_administrator_over],
    Action.READ_AUDIT: [platform_administrator],
    Action.MANAGE_PEOPLE: [administrator_over],
    Action.ERASE: [other_administrator_in_own_right, platform_administrator_for_the_alone],
    Action.MANAGE_UNITS: [administrator_over],
    Action.ISSUE_SLIP: [administrator_over],
    Action.GRANT: [other_administrator_in_own_right],
    Action.LEND: [bearer_over],
    Action.SEE_DUTIES: [oneself_with_a_duty],
    Action.SET_COUNTY: [administrator_over],
    Action.PUBLISH: [administrator_over],
    Action.INVIGILATE: [trainer_of_course],
    Action.LENGTHEN: [trainer_of_course, other_administrator_over],
    Action.ANSWER: [trainer_of_course],
    Action.CORRECT: [trainer_of_course, administrator_over],
    Action.OVERSEE: [administrator_over],
    Action.LOOK_AFTER: [platform_administrator],
    Action.SWITCH_LAB: [other_administrator_over],
    Action.READ_GRADEBOOK: [trainer_of_course],
}


def may(actor: Actor, action: Action, target: Target) -> bool:
    return any(rule(actor, target) for rule in MAY[action])


def subtrees(actor: Actor, duty: Duty | Collection[Duty], course: str = "") -> tuple[str, ...]:
    """Return the paths under which an actor holds a duty, or any of several, for scoping a query."""
    wanted = (duty,) if isinstance(duty, Duty) else duty
    return tuple(each.path for each in actor.charges if each.duty in wanted and (not course or each.course == course))


def _bears_for_course(duty: Duty, actor: Actor, target: Target) -> bool:
    mine = [each for each in actor.charges if each.duty is duty and each.course == target.course]
    return someone_else(actor, target) and _reaches(mine, target)


def _reaches(charges: list[Charge], target: Target) -> bool:
    return any(lies_within(path, charge.path) for charge in charges for path in target.paths)
