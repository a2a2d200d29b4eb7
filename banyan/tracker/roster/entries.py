"""One row as an entry: who, where, in what post. What a cell says is taken literally or is a fault with its place."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from banyan.domain.framework import Role
from banyan.domain.organisation import GRADES, UnitLevel
from banyan.tracker.roster.broken import WRONG
from banyan.tracker.roster.cells import LEFT_OUT, CellError, plain
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.lines import Line
from banyan.tracker.roster.units import Place

LONGEST_NAME, LONGEST_POST = 40, 30
EARLIEST = date(1950, 1, 1)
FURTHEST = timedelta(days=366)  # ahead of today
LONGEST_TERM = timedelta(days=40 * 366)
GRID_POST = "网格员"
CODES = (Field.CODE, Field.COMMUNITY_CODE, Field.TOWN_CODE)
AS_TEXT = re.compile(r"^['‘’`]+")
"""The sign that makes a number a text, where it was typed into the cell itself."""
WORDS: tuple[tuple[str, Role], ...] = (  # the first that a post contains decides
    ("信息报告员", Role.ER), ("报告员", Role.ER), ("reporter", Role.ER),
    ("志愿者", Role.VO), ("volunteer", Role.VO),
    ("网格员", Role.GS), ("网格长", Role.GS), ("网格", Role.GS), ("grid", Role.GS),
    ("社区工作者", Role.CW), ("社工", Role.CW), ("社区专干", Role.CW), ("communityworker", Role.CW), ("socialworker", Role.CW),
)  # fmt: skip
FULL = {"专职": True, "全职": True, "是": True, "专": True, "fulltime": True, "full-time": True,
        "兼职": False, "否": False, "兼": False, "parttime": False, "part-time": False}  # fmt: skip
ONES = ("一", "二", "三", "四", "五", "六", "七", "八", "九")
IN_WORDS = (*ONES, "十", *(f"十{one}" for one in ONES[:8]))
GRADE = {str(each): each for each in GRADES} | dict(zip(IN_WORDS, GRADES, strict=True))
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2}))?[日月号]?(?:0:00:00|00:00:00|00:00)?$")


class UnknownPostError(CellError):
    """Nobody has said yet which role this post is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is "" for a vacant unit; `role` is None until somebody says what an unknown post is."""

    line: Line
    place: Place
    name: str = ""
    staff_number: str = ""
    phone: str = ""
    post: str = ""
    role: Role | None = None
    full_time: bool | None = None
    starts_on: date | None = None
    grade: int | None = None
    ends_on: date | None = None

    @property
    def row(self) -> int:
        return self.line.row


def check_cells(line: Line) -> None:
    """Refuse what no cell of a roster holds, before anything is taken for a unit's name or code."""
    for field in line.columns:
        said = line.text(field)
        if LEFT_OUT in said and field is not Field.NAME:
            raise CellError("这里像是身份证号，系统不收；请改掉，或者留空").at(field)
        if WRONG.fullmatch(said):
            raise CellError("这一格的公式没有算出来（{said}）；请改成文字，再传一次", said=said).at(field)
        if len(said) > 120 and isinstance(line.cell(field), str):
            raise CellError("这一格太长（{n}个字），不像名册里的内容", n=len(said)).at(field)
        if field in CODES:
            _digits(line, field)


def read_entry(line: Line, place: Place, posts: Mapping[str, str], today: date) -> Entry:
    """Read a row; `posts` are roles by posts as they were told before. CellError names the field that does not fit."""
    name, number, phone = _name(line), _number(line), _phone(line)
    if not name:
        if number or phone:
            raise CellError("有工号或手机，没有姓名；请补上姓名").at(Field.NAME)
        return Entry(line, place)
    post, role = _post(line, place, posts)
    starts, ends = _starts_on(line, today), _ends_on(line, today)
    if starts and ends and ends < starts:
        raise CellError("任职到的日子比任职时间还早，请检查").at(Field.ENDS_ON)
    return Entry(line, place, name, number, phone, post, role, _full_time(line, post), starts, _grade(line), ends)


def _name(line: Line) -> str:
    said = line.text(Field.NAME)
    name = said if re.search(r"[A-Za-z]", said) else said.replace(" ", "")  # 陈　明 is 陈明, laid out
    if not name or plain(name) in ("无", "空缺", "暂缺", "空", "待定", "暂无", "/", "-", "—", "--"):
        return ""
    if len(name) > LONGEST_NAME:
        raise CellError("姓名太长（{n}个字），请检查是不是写错了列", n=len(name)).at(Field.NAME)
    if re.search(r"\d", name) or LEFT_OUT in name:
        raise CellError("姓名里有数字，请检查是不是写错了列").at(Field.NAME)
    if re.search(r"[、,，;；/]", name):
        raise CellError("这一格像是写了几个人；请一个人写一行").at(Field.NAME)
    return name


def _number(line: Line) -> str:
    number = _digits(line, Field.STAFF_NUMBER).upper()
    if number and not re.fullmatch(r"[A-Z0-9][A-Z0-9_-]{1,19}", number):
        raise CellError("工号“{said}”不对：要2到20位字母或数字", said=number[:30]).at(Field.STAFF_NUMBER)
    if re.fullmatch(r"1[3-9]\d{9}", number) and number != _phone(line):
        raise CellError("工号“{said}”像是手机号，请检查是不是写错了列", said=number).at(Field.STAFF_NUMBER)
    return number


def _phone(line: Line) -> str:
    said = plain(line.text(Field.PHONE))
    if said in ("", "无", "/", "-", "—"):
        return ""
    digits = re.sub(r"[-()+. ]", "", _digits(line, Field.PHONE))
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if re.fullmatch(r"1\d{10}", digits):
        return digits
    if re.search(r"[/、,，;；]", said) or len(digits) >= 22:
        raise CellError("一格里只能写一个手机号").at(Field.PHONE)
    if digits.isdigit():
        raise CellError("手机号“{said}”不对：要11位数字，这里是{n}位", said=digits[:30], n=len(digits)).at(Field.PHONE)
    raise CellError("手机号“{said}”不对：要11位数字", said=said[:30]).at(Field.PHONE)


def _digits(line: Line, field: Field) -> str:
    """Return a number that may stand as text or as a number, of full or half width."""
    cell, said = line.cell(field), AS_TEXT.sub("", plain(line.text(field)))
    if isinstance(cell, float) and (abs(cell) >= 1e15 or cell != int(cell) or cell < 0):
        raise CellError("“{said}”被表格软件改成了数字，末尾几位可能已经不对；请把这一列设成文本，重新填", said=said).at(field)
    if re.fullmatch(r"\d(\.\d+)?e\+\d+", said):
        raise CellError("“{said}”被表格软件改成了数字，末尾几位可能已经不对；请把这一列设成文本，重新填", said=said).at(field)
    return unicodedata.normalize("NFKC", said)


def _post(line: Line, place: Place, posts: Mapping[str, str]) -> tuple[str, Role | None]:
    """Return the post and its role; a column for the kind of person comes before the post's own words."""
    post, kind = line.text(Field.POST), line.text(Field.ROLE)
    if len(post) > LONGEST_POST or len(kind) > LONGEST_POST:
        raise CellError("岗位太长，最多30个字").at(Field.POST if len(post) > LONGEST_POST else Field.ROLE)
    if not post and not kind and place.level == UnitLevel.GRID:
        return GRID_POST, Role.GS
    if not post and not kind:
        raise CellError("没有写岗位；请填网格员、社区工作者、志愿者等").at(Field.POST)
    role = role_of(kind, posts) if kind else None
    return post or kind, role or (role_of(post, posts) if post else None)


def role_of(post: str, posts: Mapping[str, str]) -> Role | None:
    """Return the role of a post: as somebody told, else by its words."""
    told = posts.get(post_key(post))
    if told:
        return Role(told)
    return next((role for word, role in WORDS if word in post_key(post)), None)


def post_key(post: str) -> str:
    return plain(post)[:60]


def _full_time(line: Line, post: str) -> bool | None:
    said = plain(line.text(Field.FULL_TIME))
    if not said:
        return False if "兼职" in post else True if "专职" in post else None
    found = next((value for word, value in FULL.items() if said == word or (len(word) > 1 and said.startswith(word))), None)
    if found is None:
        raise CellError("专兼职要写“专职”或“兼职”，这里是“{said}”", said=said[:20]).at(Field.FULL_TIME)
    return found


def _grade(line: Line) -> int | None:
    said = plain(line.text(Field.GRADE))
    if said in ("", "/", "-", "无"):
        return None
    grade = GRADE.get(said.removeprefix("第").removesuffix("级"))
    if grade is None:
        raise CellError(
            "岗位等级要写1到18，这里是“{said}”；这一列要是别的意思，请在“列是这样认的”那里改成“不用这一列”", said=said[:20]
        ).at(Field.GRADE)
    return grade


def _starts_on(line: Line, today: date) -> date | None:
    day = _day(line, Field.STARTS_ON)
    if day and not EARLIEST <= day <= today + FURTHEST:
        raise CellError("任职时间{day}不对，请检查年份", day=day.isoformat()).at(Field.STARTS_ON)
    return day


def _ends_on(line: Line, today: date) -> date | None:
    day = _day(line, Field.ENDS_ON)
    if day and day < today:
        raise CellError("任职到{day}，已经过了；还在岗就改日期，不在岗就删掉这一行", day=day.isoformat()).at(Field.ENDS_ON)
    if day and day > today + LONGEST_TERM:
        raise CellError("任职到{day}不对，请检查年份", day=day.isoformat()).at(Field.ENDS_ON)
    return day


def _day(line: Line, field: Field) -> date | None:
    cell, said = line.cell(field), plain(line.text(field))
    if not said or said in ("/", "-", "无"):
        return None
    day = cell if isinstance(cell, date) else day_of(said)
    if day is None:
        raise CellError("看不出“{said}”是哪一天；请写成 2024-03-01", said=said[:30]).at(field)
    return day


def day_of(said: str) -> date | None:
    """Read 2024-3-1, 2024.03.01, 2024年3月1日, 20240301; a month alone is its first day."""
    found = DAY.match(said) or re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)?", said)
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None
