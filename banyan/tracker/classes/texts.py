"""What a trainer writes of a class: the notice before it, the summary after it. Rows are only added, the last one holds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.class_file import Figures, term
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.classes import ClassText
from banyan.records.training import TrainingSession
from banyan.tracker.classes.finding import held_for
from banyan.tracker.people import Me

NOTICE, SUMMARY = "notice", "summary"
LONGEST_LINE, LONGEST_NOTICE, LONGEST_SUMMARY = 80, 2000, 4000
FURTHEST = timedelta(days=400)
Text = TypeVar("Text", bound="Notice | Summary")


@dataclass(frozen=True)
class Notice:
    """`number` is what the document is filed under; `invited` says in words who is to come.

    `since` and `until` are the days, both within, whose exams and certificates count as the class's; `examined` says
    whether there is an exam at all.
    """

    number: str
    title: str
    invited: str
    words: str
    ordered_by: str
    contact: str
    dated_on: date
    since: date
    until: date
    examined: bool = True


@dataclass(frozen=True)
class Summary:
    """`figures` are what they were when it was written; by whom, once it was kept."""

    words: str
    figures: Figures
    written_by: int | None = None


def proposed(row: TrainingSession, today: date) -> Notice:
    """Return a notice as far as the session itself says it."""
    since, until = days_of(row)
    title = f"关于举办“{row.title}”的通知"
    return Notice("", title[:LONGEST_LINE], "", "", "", "", today, *term(since, until))


def days_of(row: TrainingSession) -> tuple[date, date]:
    """Return the first and the last day of a session."""
    return county_day(row.parts[0].starts_at), county_day(row.parts[-1].ends_at)


def notice_of(session: Session, row: TrainingSession) -> Notice | None:
    kept = last(session, row.id, NOTICE)
    return _notice(kept.body) if kept else None


def summary_of(session: Session, row: TrainingSession) -> Summary | None:
    kept = last(session, row.id, SUMMARY)
    return Summary(kept.body["words"], Figures(**kept.body["figures"]), kept.written_by) if kept else None


def last(session: Session, training_id: int, kind: str) -> ClassText | None:
    """Return the row that holds, with who wrote it and when."""
    query = select(ClassText).where(ClassText.session_id == training_id, ClassText.kind == kind)
    return session.scalars(query.order_by(ClassText.id.desc()).limit(1)).first()


def write_notice(session: Session, training_id: int, notice: Notice, by: Me, now: datetime) -> None:
    """Keep a notice; the same again is one."""
    row = held_for(session, training_id, by)
    clean = _tidy(notice)
    _check_notice(clean, row)
    body = asdict(clean) | {each: getattr(clean, each).isoformat() for each in ("dated_on", "since", "until")}
    _keep(session, row, NOTICE, body, by, now)


def write_summary(session: Session, training_id: int, summary: Summary, by: Me, now: datetime) -> None:
    """Keep a summary with the figures it was written by; the same again is one. BadInputError while the class goes on."""
    row = held_for(session, training_id, by)
    if now < row.parts[-1].ends_at:
        raise BadInputError("还没有办完，办完以后再写总结")
    words = summary.words.replace("\r\n", "\n").strip()
    if not 20 <= len(words) <= LONGEST_SUMMARY:
        raise BadInputError("总结请写20到{most}个字，现在有{count}个", most=LONGEST_SUMMARY, count=len(words))
    _keep(session, row, SUMMARY, {"words": words, "figures": asdict(summary.figures)}, by, now)


def _keep(session: Session, row: TrainingSession, kind: str, body: Mapping[str, Any], by: Me, now: datetime) -> None:
    before = last(session, row.id, kind)
    if before and before.body == body:
        return
    session.add(ClassText(session_id=row.id, kind=kind, body=dict(body), written_by=by.person.id, written_at=now))
    session.flush()
    audit.append(session, now, by.person.staff_number, f"class.{kind}", row.course, id=row.id)


def _notice(body: Mapping[str, Any]) -> Notice:
    days = {each: date.fromisoformat(body[each]) for each in ("dated_on", "since", "until")}
    return Notice(**{each.name: body[each.name] for each in fields(Notice)} | days)


def _tidy(notice: Notice) -> Notice:
    lines = {each: " ".join(getattr(notice, each).split()) for each in ("number", "title", "invited", "ordered_by", "contact")}
    return Notice(**asdict(notice) | lines | {"words": notice.words.replace("\r\n", "\n").strip()})


def _check_notice(notice: Notice, row: TrainingSession) -> None:
    if not notice.title or not notice.ordered_by or not notice.invited:
        raise BadInputError("请写通知叫什么、叫谁来、是谁发的")
    if any(len(each) > LONGEST_LINE for each in (notice.number, notice.title, notice.invited, notice.ordered_by, notice.contact)):
        raise BadInputError("有一格写得太长了，每格最多{most}个字", most=LONGEST_LINE)
    if len(notice.words) > LONGEST_NOTICE:
        raise BadInputError("写得太长了：最多 {most} 个字，现在有 {count} 个", most=LONGEST_NOTICE, count=len(notice.words))
    first, end = days_of(row)
    if not first - FURTHEST <= notice.since <= first or not end <= notice.until <= end + FURTHEST:
        raise BadInputError("考试和发证算哪几天：要把办班的日子包在里面，前后最多一年")
    if not first - FURTHEST <= notice.dated_on <= end + FURTHEST:
        raise BadInputError("通知的日期不对，请检查年份")
