"""What is handed in to be counted, and what somebody else decides about it: one road for practice, portfolios and documents.

Pieces and decisions are only added. The last decision holds, and what counts follows it (banyan.tracker.amending).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from banyan.domain.calendar import county_day
from banyan.domain.framework import Kind
from banyan.domain.permission import Action, may
from banyan.errors import BadInputError, NotFoundError, TryLaterError
from banyan.records import answer_store, audit
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceDecision, PieceFile
from banyan.tracker.amending import Account, Amendment, amend, why
from banyan.tracker.answer_files import Kept
from banyan.tracker.intake import Claim
from banyan.tracker.people import NOT_HERE, Me, people_under, require, target_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.succession import may_take_back
from grading import documents, pictures
from grading.documents import is_document

MOST_WAITING, MOST_FILES, LONGEST_WORDS = 20, 6, 500


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"  # by who handed it in, before it was accepted


@dataclass(frozen=True)
class Draft:
    """A piece to be handed in; `details` is what its kind asks for, as JSON; `form_key` is drawn with the form."""

    competency: str
    details: Mapping[str, Any]
    form_key: str
    course: str = ""
    addressed_to: int | None = None
    files: tuple[Kept, ...] = ()
    replaces: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What somebody decides; `known` is the decision their page showed, so that nobody overrules what they have not read."""

    outcome: Outcome
    indicators: frozenset[str] = frozenset()
    level: int = 2
    words: str = ""
    known: int = 0


@dataclass(frozen=True)
class Intake:
    """What is particular to a kind: who decides, what a draft must hold, what may be decided, what an accepted piece claims."""

    kind: Kind
    action: Action
    check: Callable[[Session, Draft, Me, Rulebook, date], None]
    decide: Callable[[Piece, Verdict, Me, Rulebook], None]
    claim: Callable[[Piece, PieceDecision, str, Rulebook], Claim]


def hand_in(session: Session, intake: Intake, draft: Draft, me: Me, rulebook: Rulebook, now: datetime) -> Piece:
    """Hand in a piece of one's own; the same form sent twice is one."""
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    known = session.scalars(select(Piece).where(Piece.form_key == draft.form_key)).one_or_none()
    if known and known.person_id == me.person.id:
        return known
    if known:
        raise NotFoundError("没有找到这张表，请重新打开页面")
    waiting = [each for each in pieces_of(session, me.person.id, intake.kind) if decision(each) is None]
    if len(waiting) >= MOST_WAITING:
        raise BadInputError("已经有{most}份等着看，等看过再交", most=MOST_WAITING)
    intake.check(session, draft, me, rulebook, county_day(now))
    _check_files(draft.files)
    replaced = own(session, draft.replaces, me, intake.kind) if draft.replaces else None
    row = Piece(kind=intake.kind.value, person_id=me.person.id, course=draft.course, competency=draft.competency)
    row.details, row.addressed_to, row.form_key = dict(draft.details), draft.addressed_to, draft.form_key
    row.framework, row.handed_in_at, row.replaces_id = rulebook.framework.version, now, replaced.id if replaced else None
    row.files = [
        PieceFile(position=n, digest=each.digest, bytes=len(each.made.content)) for n, each in enumerate(draft.files, start=1)
    ]
    session.add(row)
    session.flush()
    audit.append(session, now, me.person.staff_number, "piece.hand_in", f"piece:{row.id}", kind=row.kind)
    return row


def take_back(session: Session, intake: Intake, piece_id: int, me: Me, now: datetime) -> None:
    """Take back a piece of one's own that was not accepted; taken back twice it is taken back once."""
    row = own(session, piece_id, me, intake.kind)
    session.refresh(row, with_for_update=True)
    last = decision(row)
    if last and last.outcome == Outcome.ACCEPTED:
        raise BadInputError("这一份已经认可了，不能撤回；有不对的地方，请告诉认可的人")
    if last is None or last.outcome != Outcome.TAKEN_BACK:
        _add(row, Verdict(Outcome.TAKEN_BACK), Amendment(me), now)
        session.flush()
        audit.append(session, now, me.person.staff_number, "piece.take_back", f"piece:{row.id}", kind=row.kind)


def decide(
    session: Session, intake: Intake, piece_id: int, verdict: Verdict, amendment: Amendment, rulebook: Rulebook, now: datetime
) -> PieceDecision:
    """Accept a piece with what it shows, or return it with words; decided again it is put right, for a reason."""
    row, by = piece_for(session, intake, piece_id, amendment.by, county_day(now)), amendment.by
    session.refresh(row, with_for_update=True)
    last = decision(row)
    if (last.id if last else 0) != verdict.known:
        raise BadInputError("刚才有人先定了，请看看再定")
    if last and last.outcome == Outcome.TAKEN_BACK:
        raise BadInputError("本人已经撤回了这一份")
    if row.addressee and not _answers(session, intake, row, verdict.outcome, by, county_day(now)):
        raise BadInputError("这一份要请{name}来认：是他带的", name=row.addressee.name)
    _check_verdict(verdict)
    if verdict.outcome is Outcome.ACCEPTED:
        intake.decide(row, verdict, by, rulebook)
    reason = why(amendment.reason) if last else ""
    fresh = _add(row, verdict, Amendment(by, reason), now)
    session.flush()
    detail = {"kind": row.kind, "id": row.id, "outcome": verdict.outcome.value, "ticked": fresh.indicators}
    detail |= {"reason": reason} if reason else {}
    audit.append(session, now, by.person.staff_number, "piece.decide", row.person.staff_number, **detail)
    record = f"piece:{row.id}"
    accepted = verdict.outcome is Outcome.ACCEPTED
    claims = (intake.claim(row, fresh, f"{record}:{row.competency}", rulebook),) if accepted else ()
    amend(session, Account(record, row.person_id, claims), Amendment(by, reason), rulebook, now)
    return fresh


def may_return(session: Session, intake: Intake, row: Piece, me: Me, today: date) -> bool:
    """Say whether somebody who may decide about pieces there may send one back, or undo it: whom it names, if it names anybody.

    Once they guide nobody there any more, whoever does may; to accept what one has not seen nobody may.
    """
    target = target_of(session, row.person_id, today, row.course)
    return row.addressee is None or may_take_back(session, row.addressee, me, intake.action, target, today)


def decision(row: Piece) -> PieceDecision | None:
    return row.decisions[-1] if row.decisions else None


def own(session: Session, piece_id: int | None, me: Me, kind: Kind) -> Piece:
    row = session.get(Piece, piece_id) if piece_id else None
    if row is None or row.person_id != me.person.id or row.kind != kind:
        raise NotFoundError(NOT_HERE)
    return row


def piece_for(session: Session, intake: Intake, piece_id: int, by: Me, today: date) -> Piece:
    """Return a piece to whoever may decide about it; to others it is not there."""
    row = session.get(Piece, piece_id)
    if row is None or row.kind != intake.kind:
        raise NotFoundError(NOT_HERE)
    require(by.actor, intake.action, target_of(session, row.person_id, today, row.course))
    return row


def pieces_of(session: Session, person_id: int, kind: Kind) -> list[Piece]:
    """Return what somebody handed in, the latest first."""
    query = select(Piece).where(Piece.person_id == person_id, Piece.kind == kind.value)
    return list(session.scalars(query.options(selectinload(Piece.decisions)).order_by(Piece.id.desc())))


def pieces_under(session: Session, intake: Intake, me: Me, paths: Iterable[str], now: datetime) -> list[Piece]:
    """Return what people of the subtrees handed in and somebody may decide about, what waits longest first."""
    theirs = people_under(paths, county_day(now)).where(Person.id != me.person.id).with_only_columns(Person.id)
    query = select(Piece).where(Piece.kind == intake.kind.value, Piece.person_id.in_(theirs))
    rows = session.scalars(query.options(selectinload(Piece.decisions), selectinload(Piece.person)).order_by(Piece.id)).all()
    today = county_day(now)
    fit = [each for each in rows if not each.course or _mine(session, intake, each, me, today)]
    return sorted(fit, key=lambda each: (decision(each) is not None, each.id if decision(each) is None else -each.id))


def file_of(row: Piece, position: int, folder: Path) -> tuple[str, str]:
    """Return the digest and the media type of a file of a piece, or raise NotFoundError."""
    for each in row.files:
        if each.position == position:
            return each.digest, documents.MEDIA if is_document(answer_store.get(folder, each.digest)) else pictures.MEDIA
    raise NotFoundError("没有这份文件")


def _answers(session: Session, intake: Intake, row: Piece, outcome: Outcome, by: Me, today: date) -> bool:
    return row.addressed_to == by.person.id or (outcome is Outcome.RETURNED and may_return(session, intake, row, by, today))


def _mine(session: Session, intake: Intake, row: Piece, me: Me, today: date) -> bool:
    return may(me.actor, intake.action, target_of(session, row.person_id, today, row.course))


def _add(row: Piece, verdict: Verdict, amendment: Amendment, now: datetime) -> PieceDecision:
    fresh = PieceDecision(outcome=verdict.outcome.value, indicators=sorted(verdict.indicators), level=verdict.level)
    fresh.words, fresh.reason = verdict.words.strip(), amendment.reason
    fresh.decided_by, fresh.decided_at = amendment.by.person.id, now
    row.decisions.append(fresh)
    return fresh


def _check_verdict(verdict: Verdict) -> None:
    if verdict.outcome is Outcome.TAKEN_BACK:
        raise BadInputError("请选认可还是退回")
    if verdict.outcome is Outcome.RETURNED and len(verdict.words.strip()) < 4:
        raise BadInputError("退回的话，请写明要改什么、补什么")
    if len(verdict.words) > LONGEST_WORDS:
        raise BadInputError("写得太长了：最多 {most} 个字，现在有 {count} 个", most=LONGEST_WORDS, count=len(verdict.words))


def _check_files(files: tuple[Kept, ...]) -> None:
    if len(files) > MOST_FILES:
        raise BadInputError("一份最多{most}个文件", most=MOST_FILES)
    for each in files:
        if not answer_store.has(each.folder, each.digest):
            raise TryLaterError("文件没有存上，请再传一次；它还在您的手机里")
