"""What the fields of a roster are called on its pages, and how a fault is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from banyan.domain.organisation import UnitLevel
from banyan.portal.desks.words import ROLES
from banyan.portal.i18n import N_
from banyan.portal.pages import Page
from banyan.tracker.roster.cells import address
from banyan.tracker.roster.difference import Outlook
from banyan.tracker.roster.entries import UnknownPostError
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.recognised import Recognised
from banyan.tracker.roster.units import NewUnitError, Place

FIELDS: Mapping[Field, str] = {
    Field.NAME: N_("姓名"),
    Field.STAFF_NUMBER: N_("工号"),
    Field.PHONE: N_("手机号"),
    Field.CITY: N_("市"),
    Field.COUNTY: N_("县区"),
    Field.TOWN: N_("镇街"),
    Field.COMMUNITY: N_("村社区"),
    Field.GRID: N_("网格"),
    Field.UNIT: N_("单位（写全）"),
    Field.CODE: N_("单位编码"),
    Field.TOWN_CODE: N_("镇街编码"),
    Field.COMMUNITY_CODE: N_("村社区编码"),
    Field.POST: N_("岗位"),
    Field.ROLE: N_("人员类别"),
    Field.FULL_TIME: N_("专兼职"),
    Field.GRADE: N_("岗位等级"),
    Field.STARTS_ON: N_("任职时间"),
    Field.ENDS_ON: N_("任职到"),
}

UNDECIDED = (UnknownPostError, NewUnitError)
"""Faults that a choice on the page mends, not a change of the sheet."""
LACKING = (N_("姓名"), N_("镇街、村社区、网格"))
"""What banyan.tracker.roster.header.lacking may name."""


@dataclass(frozen=True)
class FaultLine:
    """`place` is 名册!B7, `row` what stands first in that row: whose it is."""

    place: str
    whose: str
    said: str


def field_choices(page: Page) -> list[tuple[str, str]]:
    return [(str(field), page.say(words)) for field, words in FIELDS.items()]


def role_choices(page: Page) -> list[tuple[str, str]]:
    return [(str(role), page.say(words)) for role, words in ROLES.items()]


def fault_lines(page: Page, roster: Recognised, outlook: Outlook) -> list[FaultLine]:
    name_at = next((column for column, field in roster.fields.items() if field is Field.NAME), None)
    return [
        FaultLine(
            f"{roster.sheet.name}!{address(each.row, each.column)}" if roster.sheet.name else address(each.row, each.column),
            str(roster.sheet.cell(each.row, name_at) or "") if name_at is not None else "",
            page.say(each.error.message, **each.error.params),
        )
        for each in outlook.faults
        if not isinstance(each.error, UNDECIDED)
    ]


@dataclass
class Branch:
    """A town with what is new in it: communities with their new grids; `doubt` names what it may be a slip of the pen for."""

    name: str
    new: bool
    doubt: str = ""
    grids: list[str] = field(default_factory=list)
    below: "dict[Place, Branch]" = field(default_factory=dict)


def new_units(outlook: Outlook) -> list[Branch]:
    """Return the units that would be added as a tree of towns, communities and the names of grids."""
    towns: dict[Place, Branch] = {}
    for place in outlook.tree.new:
        at, branch = towns, None
        for each in place.chain:
            if each.level < UnitLevel.TOWN:
                continue
            if each.level == UnitLevel.GRID and branch:
                branch.grids.append(each.name)
                continue
            new = each.unit_id is None
            branch = at.setdefault(each, Branch(each.name, new, outlook.tree.doubts(each) if new else ""))
            at = branch.below
    return list(towns.values())


def unheard_units(outlook: Outlook) -> list[tuple[str, int, str]]:
    """Return the names no unit has, the most frequent first, how many rows wait for each, and what it may have meant."""
    params = [each.error.params for each in outlook.faults if isinstance(each.error, NewUnitError)]
    names = Counter((str(each["said"]), str(each.get("meant", ""))) for each in params)
    return [(said, rows, meant) for (said, meant), rows in names.most_common()]
