"""What is done at the server, by whoever has its shell: naming who looks after the platform, and who administers the top.

Nobody in the house may give these: the one is handed on by none, and above the topmost unit there is no administrator.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.organisation import path_of
from banyan.domain.outline import Outline, check_code
from banyan.domain.permission import Duty
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.tracker.lending import end_loans, write_down
from banyan.tracker.people import hold
from banyan.tracker.units import ensure_fits, put_under, read_code, read_name

SHELL = "shell"  # who acts, in the audit log
NAMED = (Duty.PLATFORM, Duty.ADMINISTRATOR)
REASON = "上面加了一级"


def name(session: Session, number: str, duty: Duty, code: str, until: date | None, now: datetime) -> ChargeRow:
    """Give somebody one of the duties NAMED from today on, for the unit with a code ("" for the topmost)."""
    person, unit, today = _person(session, number), _unit(session, code), county_day(now)
    if duty not in NAMED:
        raise BadInputError("在服务器上只能指定平台管理员和管理员；别的职责请管理员在人员页上给")
    if person.left_on and person.left_on < today:
        raise BadInputError("{name}已经离岗；请先在人员页上任命", name=person.name)
    if until and until < today:
        raise BadInputError("最后一天不能早于今天")
    if _charges(session, person, duty, unit, today):
        raise BadInputError("{name}已经担着这项职责，或者今天刚收回；要改日期，请先收回，明天再给", name=person.name)
    row = ChargeRow(person_id=person.id, unit_id=unit.id, duty=duty.value, course="", starts_on=today, ends_on=until)
    session.add(row)
    if person.password_hash is None:
        person.must_change_password = True
    write_down(session, SHELL, "duty.give", person, row, unit.name, now)
    return row


def unname(session: Session, number: str, duty: Duty, code: str, now: datetime) -> Person:
    """Take such a duty back today, and what was lent of it."""
    person, unit, today = _person(session, number), _unit(session, code), county_day(now)
    rows = [each for each in _charges(session, person, duty, unit, today) if each.ends_on is None or each.ends_on >= today]
    if not rows:
        raise BadInputError("{name}没有担着这项职责", name=person.name)
    for row in rows:
        row.ends_on = min(today, row.starts_on) - timedelta(days=1)
        end_loans(session, [row.id], row.ends_on)
        write_down(session, SHELL, "duty.take", person, row, unit.name, now)
    return person


def add_above(session: Session, code: str, called: str, outline: Outline, now: datetime) -> Unit:
    """Put a new unit above the topmost one, as when a county's house becomes a whole city's; everybody keeps what they reach."""
    top, code, called = _unit(session, ""), read_code(code), read_name(called)
    level = outline.above(top.level)
    if level is None:
        raise BadInputError("“{name}”已经是最高一级，上面不能再加单位", name=top.name)
    if session.scalars(select(Unit.id).where(Unit.code == code)).first():
        raise BadInputError("编码“{code}”已经用了，请核对", code=code)
    check_code(code, level.number, "", outline)
    check_code(top.code, top.level, code, outline)
    unit = Unit(name=called, code=code, level=level.number, path=path_of("/", code))
    ensure_fits(session, top, unit)
    session.add(unit)
    session.flush()
    audit.append(session, now, SHELL, "unit.add", code, name=called)
    put_under(session, top, unit, REASON, None, now)
    audit.append(session, now, SHELL, "unit.move", top.code, old="", new=called, reason=REASON)
    return unit


def _person(session: Session, number: str) -> Person:
    person = session.scalars(select(Person).where(Person.staff_number == number)).one_or_none()
    if person is None:
        raise BadInputError("名册里没有工号{number}", number=number)
    hold(session, [person.id])
    return person


def _unit(session: Session, code: str) -> Unit:
    """Return a unit by its code; without one, the topmost."""
    wanted = Unit.code == code if code else Unit.parent_id.is_(None)
    found = session.scalars(select(Unit).where(wanted).limit(2)).all()
    if not found:
        raise BadInputError("没有编码是“{code}”的单位", code=code)
    if len(found) > 1:
        raise BadInputError("最上面不止一个单位；请用 --unit 写明编码")
    return found[0]


def _charges(session: Session, person: Person, duty: Duty, unit: Unit, today: date) -> list[ChargeRow]:
    """Return the rows of a duty that hold today or later or began today; the platform is one, whatever the unit beside it."""
    lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today, ChargeRow.starts_on == today)
    query = select(ChargeRow).where(ChargeRow.person_id == person.id, ChargeRow.duty == duty.value, lasts)
    return list(session.scalars(query if duty is Duty.PLATFORM else query.where(ChargeRow.unit_id == unit.id)))
