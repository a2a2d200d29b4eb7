"""Who was asked a programme and has not finished: where they stand, whom to ring, who rang last; a text for a group chat."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response

from banyan.domain.certification import Programme
from banyan.domain.permission import Action
from banyan.domain.readiness import Halt
from banyan.errors import NotFoundError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.paging import sheet
from banyan.portal.desks.programme import choices, chosen
from banyan.portal.desks.spreadsheet import Column, Head, as_file, xlsx
from banyan.portal.desks.words import HALTS, meeting_words, then_words
from banyan.portal.i18n import N_
from banyan.portal.navigation import may_somewhere
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.expiring import count_expiring
from banyan.tracker.registers import home_of, in_care
from banyan.tracker.reminders import OpenLine, remind, unfinished

routes = Routes()
routes.entry(N_("未完成"), "/unfinished", Action.REMIND, daily=True)

THEIRS = frozenset({Halt.NEW, Halt.LEARNING, Halt.TO_SIT, Halt.SITTING, Halt.RETRY})
"""Where the next step is the learner's own: whom a text to the group is for."""
COLUMNS = (
    (N_("姓名"), 12), (N_("工号"), 14), (N_("单位"), 30), (N_("到哪一步"), 14), (N_("完成期限"), 13), (N_("过期限了吗"), 12),
    (N_("电话"), 15), (N_("上次提醒"), 22), (N_("下一步"), 26),
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What the list shows: a town by its name, a halt by its key, only who is late ("1")."""

    programme: str = ""
    town: str = ""
    halt: str = ""
    late: str = ""

    @property
    def query(self) -> str:
        return urlencode({key: value for key, value in asdict(self).items() if value})

    def fits(self, line: OpenLine) -> bool:
        return (
            (not self.town or town_of(line) == self.town)
            and (not self.halt or line.halt.value == self.halt)
            and (not self.late or line.overdue)
        )


@dataclass(frozen=True)
class TownText:
    """What goes into a town's group: `mine` are those whose next step is their own; nobody is named."""

    town: str
    mine: int
    late: int
    due_on: date | None


def town_of(line: OpenLine) -> str:
    return line.place[0] if line.place else ""


@routes.get("/unfinished", needs=Action.REMIND)
def open_list(
    page: MyPage,
    programme: str = "",
    town: str = "",
    halt: str = "",
    late: str = "",
    p: int = 1,
    told: int = 0,
    every_line: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """`told` is whom somebody else had reminded when 已提醒 was pressed; `?all=1` is one long page, to be printed."""
    asked = Filter(programme, town, halt, late)
    wanted, every = _lines(page, asked)
    found = [line for line in every if asked.fits(line)]
    with page.reading() as session:
        ending = count_expiring(session, in_care(page.me), page.now)
    count = Counter(line.halt for line in every if not town or town_of(line) == town)
    return page.show(
        "desks/unfinished.html",
        asked=asked,
        title=wanted.title,
        programmes=choices(page),
        everybody=len(every),
        late=sum(line.overdue for line in every),
        ending=ending,
        sheet=sheet(found, p, max(len(found), 1)) if every_line else sheet(found, p),
        towns=[(each, each) for each in _towns(every)],
        halts=[
            (each.value, page.say("{word}（{n}）", word=page.say(word.label), n=count[each]))
            for each, word in HALTS.items()
            if count[each]
        ],
        words=HALTS,
        meeting_words=partial(meeting_words, page),
        then_words=partial(then_words, page),
        assigns=may_somewhere(page.me, Action.ASSIGN),
        told=next((line for line in every if line.person.id == told), None),
    )


@routes.get("/unfinished.xlsx", needs=Action.REMIND, long=True)
def open_file(page: MyPage, programme: str = "", town: str = "", halt: str = "", late: str = "") -> Response:
    asked = Filter(programme, town, halt, late)
    wanted, every = _lines(page, asked)
    with page.reading() as session:
        home = home_of(session, in_care(page.me))
    name = page.say(N_("还没有完成培训的人"))
    about = page.say(
        N_("{home} · {programme} · 截至{day} {clock}"),
        home=page.say("、").join(home),
        programme=page.language.text(wanted.title),
        day=page.language.day(page.today),
        clock=page.language.clock(page.now),
    )
    columns = [Column(page.say(label), width) for label, width in COLUMNS]
    content = xlsx(Head(name, about), columns, _rows(page, (line for line in every if asked.fits(line))))
    return as_file(f"{name}-{page.today.isoformat()}", content)


@routes.get("/unfinished/texts", needs=Action.REMIND)
def group_texts(page: MyPage, programme: str = "") -> Response:
    wanted, every = _lines(page, Filter(programme))
    texts = [(each.town or page.house.county, _text(page, wanted, each)) for each in town_texts(every) if each.mine]
    return page.show("desks/group_texts.html", texts=texts, title=wanted.title, asked=Filter(programme))


@routes.post("/unfinished/{person_id}/reminded", needs=Action.REMIND)
def reminded(page: MyPage, person_id: int, form: SentForm) -> Response:
    """Keep that somebody was reminded; whoever comes second within a day is told who was first."""
    kept = Filter(*(form.get(field.name, "") for field in fields(Filter)))
    with page.writing() as session:
        _, new = remind(session, person_id, chosen(page, kept.programme), page.me, page.now)
    number = form.get("p", "")
    where = [kept.query, f"p={number}" if number.isdecimal() else "", "" if new else f"told={person_id}"]
    return page.go(f"/unfinished?{'&'.join(filter(None, where))}#person-{person_id}")


def town_texts(lines: Iterable[OpenLine]) -> list[TownText]:
    """Return what there is to say to each town, in the order of their names; the day is the nearest that is still ahead."""
    by_town: dict[str, list[OpenLine]] = {}
    for line in lines:
        if line.halt in THEIRS:
            by_town.setdefault(town_of(line), []).append(line)
    return [
        TownText(
            town,
            len(theirs),
            sum(line.overdue for line in theirs),
            min((line.due_on for line in theirs if not line.overdue), default=None),
        )
        for town, theirs in sorted(by_town.items())
    ]


def _lines(page: MyPage, asked: Filter) -> tuple[Programme, list[OpenLine]]:
    wanted = chosen(page, asked.programme)
    with page.reading() as session:
        every = unfinished(session, in_care(page.me), wanted, page.house.rulebook, page.now)
    if (asked.town and asked.town not in _towns(every)) or (asked.halt and asked.halt not in set(Halt)):
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    return wanted, every


def _towns(lines: Iterable[OpenLine]) -> list[str]:
    return sorted({town_of(line) for line in lines} - {""})


def _text(page: MyPage, programme: Programme, town: TownText) -> str:
    """Return the words for a group: the training, the day, how many, the link; never a name."""
    title = page.language.text(programme.title)
    parts = [page.say(N_("{town}的各位好：“{title}”"), town=town.town or page.house.county, title=title)]
    if town.due_on:
        parts.append(page.say(N_("请在{day}前完成。"), day=page.language.short_day(town.due_on)))
    parts.append(page.language.count("还有{n}人没有完成。", town.mine))
    if town.late:
        parts.append(page.language.count("其中{n}人已经过了期限，请这两天完成。", town.late))
    address = f"{page.origin}{PORTAL}/learning"
    parts.append(page.say(N_("点开就能接着学：{address}"), address=address))
    parts.append(page.say(N_("进不去的，请找镇街管理员要一张登录条。")))
    return "\n".join(parts)


def _rows(page: MyPage, lines: Iterable[OpenLine]) -> Iterator[Sequence[str]]:
    """Yield the lines of the spreadsheet; what many of them say is translated once."""
    language, over = page.language, page.say(N_("过了"))
    labels = {each: page.say(word.label) for each, word in HALTS.items()}
    then: dict[tuple[Halt, datetime | None], str] = {}
    for line in lines:
        person, last = line.person, line.reminded
        stands = (line.halt, line.way.moment)
        if stands not in then:
            then[stands] = then_words(page, *stands)
        yield (
            person.name,
            person.staff_number,
            " ".join(line.place) or page.house.county,
            language.say(N_("学到第{n}课"), n=line.way.lesson) if line.halt is Halt.LEARNING else labels[line.halt],
            line.due_on.isoformat(),
            over if line.overdue else "",
            person.phone,
            f"{language.moment(last.at)} {last.by}" if last else "",
            meeting_words(page, line.meeting) if line.meeting else then[stands],
        )
