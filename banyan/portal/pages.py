"""A page: who asks, in which words, and how the answer is shown. Handlers are given one and return `page.show(…)`."""

from asyncio import wrap_future
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from banyan.errors import NotAllowedError
from banyan.portal import i18n
from banyan.portal.forms import fresh_token, token_holds, weigh
from banyan.portal.house import House
from banyan.portal.i18n import N_, Language
from banyan.portal.identity import Visitor
from banyan.portal.lanes import in_an_exam
from banyan.portal.navigation import Signs, Ways
from banyan.portal.templating import PORTAL, Shelf
from banyan.records.engine import read_anew, reading, writing
from banyan.records.together import Together
from banyan.tracker.people import Me, find_me, find_myself
from banyan.words.choice import LANGUAGE, SIZE, YEAR, choices, chosen_size, local

T = TypeVar("T")
SAFE = ("GET", "HEAD", "OPTIONS")
WELCOME, PASSWORD = "/welcome", "/password"
STALE = N_("这一页放得太久了，请返回上一页，刷新后再试一次")


class PasswordNeededError(Exception):
    """Somebody came in by a slip or an initial password and has none of their own yet; `path` is where they choose one."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass
class Page:
    """A page anyone may see."""

    request: Request
    house: House
    me: Me | None = None
    session: str = ""
    here: str = ""  # the path the header takes this page for, where it is not its own

    @cached_property
    def language(self) -> Language:
        asked, kept = self.request.query_params.get("lang"), self.request.cookies.get(LANGUAGE)
        return i18n.language(i18n.chosen(asked, kept, self.request.headers.get("accept-language")))

    @cached_property
    def elder(self) -> bool:
        return chosen_size(self.request.query_params.get("size"), self.request.cookies.get(SIZE)) == "elder"

    @property
    def origin(self) -> str:
        """The address people reach the house by: its own or, in a training room that has none, the one this page was asked at."""
        asked = self.request.url
        return self.house.origin or f"{asked.scheme}://{asked.netloc}"

    @property
    def now(self) -> datetime:
        return self.house.now

    @property
    def exam_now(self) -> datetime:
        """The time as it counts for whoever sits an exam."""
        return self.house.exam_now

    @property
    def today(self) -> date:
        return self.house.today

    @property
    def path(self) -> str:
        return self.request.url.path

    @cached_property
    def csrf(self) -> str:
        return fresh_token(self.house.secret, self.session) if self.session else ""

    @cached_property
    def ways(self) -> Ways:
        signs: Signs = self.request.app.state.signs
        return signs.ways(self.me)

    @property
    def asked(self) -> str:
        """What else this page was asked for, besides how it is read."""
        if self.request.method not in SAFE or not self.request.scope["query_string"]:
            return ""
        return urlencode({name: value for name, value in self.request.query_params.items() if name not in ("lang", "size")})

    @property
    def back(self) -> str:
        """Where one is after a change of language: here, or where the form stood that led here."""
        if self.request.method in SAFE:
            return f"{self.path}?{self.asked}" if self.asked else self.path
        return local(self.request.headers.get("referer", PORTAL + "/"))

    def say(self, message: str, **params: Any) -> str:
        return self.language.say(message, **params)

    def with_query(self, **changes: str) -> str:
        """Return this page's address with some of its questions answered otherwise."""
        kept = {**self.request.query_params, **changes} if self.request.method in SAFE else changes
        return f"{self.path}?{urlencode(kept)}"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with reading(self.house.make, briefly=True) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with writing(self.house.make) as session:
            yield session

    def part(self, template: str, **values: Hashable) -> Markup:
        """Return a part of a page that is the same on many, as it was rendered first."""
        shelf: Shelf = self.request.app.state.shelf
        return shelf.part(template, self.language.code, **values)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        shelf: Shelf = self.request.app.state.shelf
        reply = HTMLResponse(shelf.render(template, self.language.code, page=self, **values), status)
        keep(reply, choices(self.request.query_params))
        return reply

    def json(self, value: Any, status: int = 200) -> Response:
        return JSONResponse(value, status)

    def go(self, path: str) -> Response:
        """Send the browser on after a form; `path` begins below the portal's prefix unless it is a whole one."""
        return RedirectResponse(path if path.startswith(PORTAL) else PORTAL + path, 303)


@dataclass
class SignedInPage(Page):
    """A page of somebody the records know today: `me` is who that is, once they have come in."""

    me: Me = field(init=False)
    staff_number: str = field(kw_only=True)
    shared: Session | None = field(init=False, default=None)  # what reads now, while nobody has it in hand
    wrote: bool = field(init=False, default=False)

    @contextmanager
    def in_one_state(self, briefly: bool = True) -> Iterator[None]:
        """Let everything until the page's first writing be read in one session."""
        with reading(self.house.make, briefly) as self.shared:
            yield

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read in the page's one state; within another reading, or after a writing, in one of its own."""
        session, self.shared = self.shared, None
        if session is None:
            with reading(self.house.make) as session:
                yield session
            return
        read_anew(session)
        yield session
        session.expunge_all()
        self.shared = None if self.wrote else session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if self.shared is not None:
            self.shared.close()
        self.shared, self.wrote = None, True
        with super().writing() as session:
            yield session

    def come_in(self) -> None:
        """Look up who asks; NotFoundError for strangers and for those who have left."""
        with self.reading() as session:
            self.me = find_me(session, self.staff_number, self.today)
        self.request.state.me = self.me  # so that a page about a fault keeps the person's own way round
        self.request.state.session = self.session


@dataclass
class AnsweringPage(Page):
    """A page of somebody who answers, or waits for the result, as a whole class does at once.

    Who they are is read where their answer is written: one transaction, shared with whoever answers at the same moment, and
    no thread of their own.
    """

    staff_number: str = field(kw_only=True)

    async def write(self, work: Callable[[Session, Me], T]) -> T:
        """Do a small work on what is their own; what it returns is on disk."""

        together: Together = self.request.app.state.together
        return await wrap_future(together.write(lambda session: work(session, self._known(session))))

    async def read(self, work: Callable[[Session, Me], T]) -> T:
        """Read what is their own."""

        def apart() -> T:
            with reading(self.house.make, briefly=True) as session:
                return work(session, self._known(session))

        return await in_an_exam(apart)

    def _known(self, session: Session) -> Me:
        me = find_myself(session, self.staff_number, self.today)
        require_password(me)
        return me


def require_password(me: Me) -> None:
    """Raise PasswordNeededError for who has not yet chosen a password of their own."""
    if me.person.must_change_password:
        raise PasswordNeededError(PASSWORD if me.person.password_hash else WELCOME)


def keep(reply: Response, cookies: Mapping[str, str]) -> None:
    """Let the browser keep how somebody reads, for the whole house."""
    for cookie, value in cookies.items():
        reply.set_cookie(cookie, value, max_age=YEAR, path="/", samesite="lax")


async def arrive(request: Request) -> Visitor:
    """Return who asks; a form or a fetch that changes something must carry this session's seal."""
    visitor: Visitor = await request.app.state.door.visitor(request)
    if request.method not in SAFE:
        weigh(request.headers)
        given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf", "")
        if not token_holds(request.app.state.house.secret, visitor.session, str(given)):
            raise NotAllowedError(STALE)
    return visitor


async def open_page(request: Request) -> Page:
    return Page(request, request.app.state.house)


async def own_page(request: Request) -> SignedInPage:
    """Return the page of who asks; its guard lets them in."""
    page = _page_of(request, await arrive(request))
    request.state.asked = page
    return page


def _page_of(request: Request, visitor: Visitor) -> SignedInPage:
    return SignedInPage(request, request.app.state.house, session=visitor.session, staff_number=visitor.staff_number)


async def arrive_by_token(request: Request) -> Visitor:
    """Return whose program asks. Cookies count for nothing here, so no page elsewhere can make a browser ask."""
    visitor: Visitor = await request.app.state.door.bearer(request)
    if request.method not in SAFE:
        weigh(request.headers)
    return visitor


async def answering_page(request: Request) -> AnsweringPage:
    visitor = await arrive(request)
    return AnsweringPage(request, request.app.state.house, session=visitor.session, staff_number=visitor.staff_number)


def page_by_token(request: Request, visitor: Annotated[Visitor, Depends(arrive_by_token)]) -> SignedInPage:
    page = _page_of(request, visitor)
    page.come_in()
    return page


async def sent_folder(request: Request, _page: Annotated[SignedInPage, Depends(page_by_token)]) -> bytes:
    """Return what a program sent, once it is known whose it is and how much it says it sends."""
    return await request.body()


PublicPage = Annotated[Page, Depends(open_page)]
Answering = Annotated[AnsweringPage, Depends(answering_page)]
MyPage = Annotated[SignedInPage, Depends(own_page)]
TokenPage = Annotated[SignedInPage, Depends(page_by_token)]
SentFolder = Annotated[bytes, Depends(sent_folder)]
