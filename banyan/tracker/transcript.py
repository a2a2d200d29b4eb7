"""学习档案: what the records say of a person up to a day, in the shape docs/reference/transcript.md tells. Only reads.

It is what was known by the end of that day; titles and names are those of today. A name, the last of the staff number and
what was learnt: no phone, no scores, no answers, nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.certificates.transcript import TYPE, VERSION
from banyan.courseware.release import Release
from banyan.domain.attendance import attendance
from banyan.domain.calendar import county_day
from banyan.domain.certification import validity
from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.domain.proof import prove
from banyan.domain.service import star
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.certification import CertificateReissue, CertificateSuspension
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Appointment, Person
from banyan.records.pieces import Piece
from banyan.records.service import ServedRow, ServiceActivity
from banyan.records.training import AttendanceRow, TrainingPart, TrainingSession
from banyan.tracker.chain import known_by, withdrawn_by
from banyan.tracker.people import Me, places, require, target_of
from banyan.tracker.pieces import Outcome
from banyan.tracker.progress import Done, steps_done
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.service import shift_of
from banyan.tracker.standing import as_evidence
from banyan.tracker.training_rolls import spans

EARLIEST = date(2000, 1, 1)
SHOWN_DIGITS = 4
Row = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """Of whom, up to which day, by which rules."""

    person_id: int
    day: date
    rulebook: Rulebook

    def knew(self, moment: datetime | None) -> bool:
        return moment is not None and county_day(moment) <= self.day


def transcript(session: Session, person_id: int, rulebook: Rulebook, day: date, today: date) -> Row:
    """Return a person's transcript as of a day; BadInputError for a day that has not been yet."""
    if not EARLIEST <= day <= today:
        raise BadInputError("学习档案只能写到今天或者以前的一天")
    scope, person = Scope(person_id, day, rulebook), session.get_one(Person, person_id)
    return {
        "type": TYPE,
        "version": VERSION,
        "issuer": rulebook.issuer.name,
        "issued_on": today.isoformat(),
        "as_of": day.isoformat(),
        "key_id": rulebook.issuer.public_key.id,
        "demo": rulebook.issuer.demo,
        "framework": rulebook.framework.version,
        "person": {"name": person.name, "number_end": shown_end(person.staff_number)},
        "posts": _posts(session, scope),
        "courses": _courses(session, scope),
        "exams": _exams(session, scope),
        "competencies": _competencies(session, scope),
        "trainings": _trainings(session, scope),
        "service": _service(session, scope),
        "documents": _documents(session, scope),
        "certificates": _certificates(session, scope),
    }


def transcript_for(session: Session, person_id: int, by: Me, rulebook: Rulebook, day: date, now: datetime) -> Row:
    """Return somebody's transcript to their administrator, and write down that they took it."""
    require(by.actor, Action.SEE_PEOPLE, target_of(session, person_id, county_day(now)))
    made = transcript(session, person_id, rulebook, day, county_day(now))
    number = session.get_one(Person, person_id).staff_number
    audit.append(session, now, by.person.staff_number, "transcript.take", number, until=day.isoformat())
    return made


def shown_end(staff_number: str) -> str:
    """Return the end of a staff number, never more than half of it: enough to tell namesakes apart."""
    return staff_number[-min(SHOWN_DIGITS, len(staff_number) // 2) :]


def _posts(session: Session, scope: Scope) -> list[Row]:
    query = select(Appointment).where(Appointment.person_id == scope.person_id, Appointment.starts_on <= scope.day)
    rows = list(session.scalars(query.order_by(Appointment.starts_on.desc(), Appointment.id.desc())))
    where = places(session, [each.unit for each in rows])
    return [
        {
            "role": each.role,
            "post": each.post,
            "unit": "".join(where[each.unit_id]) or each.unit.name,
            "starts_on": each.starts_on.isoformat(),
            "ends_on": each.ends_on.isoformat() if each.ends_on and each.ends_on <= scope.day else None,
        }
        for each in rows
    ]


def _attempts(session: Session, scope: Scope) -> list[tuple[Attempt, Submission]]:
    query = select(Attempt, Submission).join(Submission, Submission.attempt_id == Attempt.id)
    rows = session.execute(query.where(Attempt.person_id == scope.person_id).order_by(Submission.submitted_at.desc()))
    return [(attempt, row) for attempt, row in rows if scope.knew(row.submitted_at)]


def _exams(session: Session, scope: Scope) -> list[Row]:
    return [
        {
            "course": attempt.course,
            "title": scope.rulebook.title_of(attempt.course)["zh"],
            "number": attempt.number,
            "taken_on": county_day(row.submitted_at).isoformat(),
            "outcome": ("passed" if row.passed else "failed") if scope.knew(row.graded_at) else "waiting",
            "invigilated": attempt.room_id is not None,
        }
        for attempt, row in _attempts(session, scope)
    ]


def _courses(session: Session, scope: Scope) -> list[Row]:
    """A course is done when its newest release is read to its end, or when its exam was passed, by the release of then."""
    done: dict[str, dict[tuple[str, str], date]] = {}
    for each in steps_done(session, scope.person_id):
        if scope.knew(each.at):
            done.setdefault(each.course, {})[_place(each)] = county_day(each.at)
    found = [row for course, days in done.items() if (row := _read_to_its_end(course, days, scope))]
    known = {row["course"] for row in found}
    for attempt, handed in reversed(_attempts(session, scope)):
        if handed.passed and scope.knew(handed.graded_at) and attempt.course not in known:
            known.add(attempt.course)
            release = scope.rulebook.catalogue.open(attempt.course, attempt.release)
            found.append(_course(release, county_day(attempt.started_at)))
    return sorted(found, key=lambda each: (each["completed_on"], each["course"]), reverse=True)


def _place(step: Done) -> tuple[str, str]:
    return step.lesson, step.step


def _read_to_its_end(course: str, days: Mapping[tuple[str, str], date], scope: Scope) -> Row | None:
    if not scope.rulebook.catalogue.has(course):
        return None
    release = scope.rulebook.catalogue.newest(course)
    wanted = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    return _course(release, max(days[each] for each in wanted)) if wanted and all(each in days for each in wanted) else None


def _course(release: Release, day: date) -> Row:
    minutes = sum(each.minutes for each in release.lessons)
    told = {"course": release.course, "title": release.title["zh"]}
    return told | {"completed_on": day.isoformat(), "minutes": minutes}


def _competencies(session: Session, scope: Scope) -> list[Row]:
    withdrawn = withdrawn_by(session, scope.person_id, scope.day)
    evidence = [as_evidence(row) for row in known_by(session, scope.person_id, scope.day) if row.id not in withdrawn]
    found = []
    for competency in scope.rulebook.framework:
        proof = prove(competency, evidence, scope.day)
        held = proof.standing
        if held.level == 0 or held.until is None:
            continue
        rows = {row.ref: row for part in proof.rung(held.level).parts for row in part.rows}.values()
        kinds = sorted({row.kind.value for row in rows})
        told = {"code": competency.code, "name": competency.name["zh"], "level": held.level, "kinds": kinds}
        shown = max(row.observed_on for row in rows)
        found.append(told | {"shown_on": shown.isoformat(), "until": held.until.isoformat()})
    return found


def _trainings(session: Session, scope: Scope) -> list[Row]:
    query = select(AttendanceRow).where(AttendanceRow.person_id == scope.person_id).order_by(AttendanceRow.id)
    last = {each.part_id: each for each in session.scalars(query) if scope.knew(each.recorded_at)}
    held = session.scalars(select(TrainingSession).where(TrainingSession.parts.any(TrainingPart.id.in_(last)))).all()
    rows = ((row, attendance(spans(row), {part: each.minutes for part, each in last.items()})) for row in held)
    found = [
        {
            "title": row.title,
            "place": row.place,
            "course": row.course,
            "starts_on": county_day(row.parts[0].starts_at).isoformat(),
            "ends_on": county_day(row.parts[-1].starts_at).isoformat(),
            "minutes": there.present,
            "of_minutes": there.whole,
            "enough": there.is_enough,
        }
        for row, there in rows
        if there.present
    ]
    return sorted(found, key=lambda each: (each["starts_on"], each["title"]), reverse=True)


def _service(session: Session, scope: Scope) -> Row:
    query = select(ServedRow).where(ServedRow.person_id == scope.person_id).order_by(ServedRow.id)
    last = {each.activity_id: each for each in session.scalars(query) if scope.knew(each.confirmed_at)}
    served = [(session.get_one(ServiceActivity, number), shift) for number, each in last.items() if (shift := shift_of(each))]
    rows: list[Row] = [
        {"title": activity.title, "served_on": county_day(shift.starts_at).isoformat(), "minutes": shift.minutes}
        for activity, shift in served
    ]
    minutes = sum(each["minutes"] for each in rows)
    told = {"minutes": minutes, "star": star(minutes, scope.rulebook.intakes.service.stars)}
    return told | {"activities": sorted(rows, key=lambda each: (each["served_on"], each["title"]), reverse=True)}


def _documents(session: Session, scope: Scope) -> list[Row]:
    query = select(Piece).where(Piece.person_id == scope.person_id, Piece.kind == Kind.EC.value)
    names = {each.code: each.name["zh"] for each in scope.rulebook.intakes.documents}
    accepted = (piece for piece in session.scalars(query.order_by(Piece.id.desc())) if _is_accepted(piece, scope))
    return [
        {
            "name": names.get(piece.details.get("document", ""), "外来证书"),
            "issuer": piece.details["issuer"],
            "issued_on": piece.details["issued_on"],
            "expires_on": piece.details["expires_on"] or None,
        }
        for piece in accepted
    ]


def _is_accepted(piece: Piece, scope: Scope) -> bool:
    made = [each for each in piece.decisions if scope.knew(each.decided_at)]
    return made[-1].outcome == Outcome.ACCEPTED.value if made else False


def _certificates(session: Session, scope: Scope) -> list[Row]:
    query = select(Certificate).where(Certificate.person_id == scope.person_id, Certificate.issued_on <= scope.day)
    rows = list(session.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))
    replaced, paused = _replaced(session, rows, scope), _paused(session, rows, scope)
    found = []
    for row in rows:
        plain = validity(row.expires_on, scope.knew(row.revoked_at), scope.day)
        status = "replaced" if row.id in replaced else "suspended" if row.id in paused and plain == "valid" else str(plain)
        told = {"serial": row.serial, "title": row.payload["t"], "programme": row.payload["p"], "status": status}
        found.append(told | {"issued_on": row.issued_on.isoformat(), "expires_on": row.expires_on.isoformat()})
    return found


def _replaced(session: Session, rows: Iterable[Certificate], scope: Scope) -> set[int]:
    query = select(CertificateReissue).where(CertificateReissue.old_id.in_([each.id for each in rows]))
    return {each.old_id for each in session.scalars(query) if scope.knew(each.reissued_at)}


def _paused(session: Session, rows: Iterable[Certificate], scope: Scope) -> set[int]:
    query = select(CertificateSuspension).where(CertificateSuspension.certificate_id.in_([each.id for each in rows]))
    begun = [each for each in session.scalars(query) if scope.knew(each.suspended_at)]
    return {each.certificate_id for each in begun if not scope.knew(each.resumed_at)}
