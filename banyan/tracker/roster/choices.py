"""What somebody matched by hand once, remembered for the whole house: headers, and posts."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.framework import Role
from banyan.errors import BadInputError
from banyan.records.organisation import Unit
from banyan.records.people import Appointment
from banyan.records.roster import ColumnChoice, PostChoice
from banyan.tracker.people import under
from banyan.tracker.roster.entries import post_key, role_of
from banyan.tracker.roster.fields import Field, key_of, match
from banyan.tracker.roster.recognised import Recognised


def columns_remembered(session: Session) -> dict[str, str]:
    return {row.header: row.field for row in session.scalars(select(ColumnChoice))}


def posts_remembered(session: Session, reach: tuple[str, ...]) -> dict[str, str]:
    """Return the role of each post: as told, else as everybody under the reach who holds it is appointed."""
    held: dict[str, set[str]] = defaultdict(set)
    query = select(Appointment.post, Appointment.role).join(Unit, Appointment.unit_id == Unit.id).where(under(reach)).distinct()
    for post, role in session.execute(query):
        if role_of(post, {}) is None:
            held[post_key(post)].add(role)
    used = {post: roles.pop() for post, roles in held.items() if len(roles) == 1}
    return used | {row.post: row.role for row in session.scalars(select(PostChoice))}


def remember_columns(session: Session, roster: Recognised, chosen: Mapping[int, str]) -> None:
    """Remember what was said otherwise than we had matched; "" leaves a column out."""
    if len([each for each in chosen.values() if each]) > len({each for each in chosen.values() if each}):
        raise BadInputError("有两列选成了同一项；一项只能对一列，另一列请选“不用这一列”")
    known = {str(each) for each in Field} | {""}
    rows = {row.header: row for row in session.scalars(select(ColumnChoice))}
    matched = match(roster.header.titles, {header: row.field for header, row in rows.items()})
    for column, title in enumerate(roster.header.titles):
        said = chosen.get(column)
        if (
            not title
            or said is None
            or said not in known
            or said == (matched.get(column) or "" if column in roster.fields else "")
        ):
            continue
        row = rows.get(key_of(title)) or ColumnChoice(header=key_of(title))
        row.field = said
        session.add(row)
    session.flush()


def remember_posts(session: Session, chosen: Mapping[str, str]) -> None:
    """Remember which role each post is; a post nobody decided on stays asked."""
    rows = {row.post: row for row in session.scalars(select(PostChoice))}
    for post, role in chosen.items():
        if role in list(Role) and post_key(post):
            row = rows.get(post_key(post)) or PostChoice(post=post_key(post))
            row.role = str(role)
            session.add(row)
    session.flush()
