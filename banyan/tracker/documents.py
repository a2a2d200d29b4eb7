"""Papers of others, such as a first-aid card: shown as a photo, checked by an administrator, good for no longer than they say."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.documents import Document, runs
from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.records.pieces import Piece, PieceDecision
from banyan.tracker.intake import Claim
from banyan.tracker.people import Me
from banyan.tracker.pieces import Draft, Intake, Outcome, Verdict, decision
from banyan.tracker.rulebook import Rulebook


def document_of(rulebook: Rulebook, code: str) -> Document | None:
    return next((each for each in rulebook.intakes.documents if each.code == code), None)


def same_number(session: Session, piece: Piece) -> list[Piece]:
    """Return what others have had accepted under the same number of the same kind of paper: one card is one person's."""
    query = select(Piece).where(Piece.kind == Kind.EC.value, Piece.person_id != piece.person_id)
    others = [each for each in session.scalars(query) if _number(each) == _number(piece)]
    return [each for each in others if (last := decision(each)) and last.outcome == Outcome.ACCEPTED]


def _number(piece: Piece) -> tuple[str, str]:
    return piece.details["document"], "".join(piece.details["number"].split()).upper()


def _check(session: Session, draft: Draft, me: Me, rulebook: Rulebook, today: date) -> None:
    told, document = draft.details, document_of(rulebook, draft.details["document"])
    if document is None or document.competency not in rulebook.framework or draft.competency != document.competency:
        raise BadInputError("请选是哪一种证书")
    if not 2 <= len(told["number"]) <= 40:
        raise BadInputError("请填证书上的编号，2到{most}个字", most=40)
    if not 2 <= len(told["issuer"]) <= 80:
        raise BadInputError("请填是哪里发的，2到{most}个字", most=80)
    expires = date.fromisoformat(told["expires_on"]) if told["expires_on"] else None
    if not runs(date.fromisoformat(told["issued_on"]), expires, today):
        raise BadInputError("日期不对：发证不能晚于今天，到期要在今天以后；过期的证书不能交")
    if not draft.files:
        raise BadInputError("请拍一张证书的照片，或者选它的PDF，字要看得清")


def _decide(piece: Piece, verdict: Verdict, by: Me, rulebook: Rulebook) -> None:
    document = document_of(rulebook, piece.details["document"])
    if document is None or document.competency not in rulebook.framework:
        raise BadInputError("这一种证书现在不认了")
    if not verdict.indicators <= document.shows or not verdict.indicators:
        raise BadInputError("有的项目这种证书说明不了，请重新打开页面")


def _claim(piece: Piece, row: PieceDecision, source: str, rulebook: Rulebook) -> Claim:
    told, document = piece.details, document_of(rulebook, piece.details["document"])
    assert document, "decided a moment ago"
    expires = date.fromisoformat(told["expires_on"]) if told["expires_on"] else None
    return Claim(
        piece.person_id,
        piece.competency,
        frozenset(row.indicators),
        Kind.EC,
        document.level,
        date.fromisoformat(told["issued_on"]),
        source,
        assessor_id=row.decided_by,
        expires_by=expires,
    )


DOCUMENTS = Intake(Kind.EC, Action.CHECK_DOCUMENT, _check, _decide, _claim)
