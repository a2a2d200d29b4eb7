"""The first minute of whoever comes in by a slip: how large the text, what is kept of one, six digits or a password.

All of it asks for the phone the slip was used on, by its cookie: a session left on a phone that was forgotten must not
choose a new password. Six digits are typed once, on large keys, and shown: what was typed is read, not typed again.
The page that shows them leads straight to the lesson somebody is to begin with; whoever has none goes to their first page.
"""

from typing import Annotated

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from banyan.accounts import preferences
from banyan.accounts.devices import set_pin
from banyan.accounts.passwords import choose_password
from banyan.accounts.supervisor import supervisor_of
from banyan.domain.consent import Consent
from banyan.domain.enrolment import Step
from banyan.domain.retention import Keep
from banyan.errors import BadInputError, BanyanError, NotAllowedError
from banyan.portal.confirmation import device_of, prove
from banyan.portal.i18n import N_
from banyan.portal.learner import words
from banyan.portal.learner.home import is_open
from banyan.portal.learner.next_words import sentence
from banyan.portal.pages import WELCOME, MyPage, SignedInPage, keep
from banyan.portal.registry import SIGNED_IN, Routes
from banyan.records.people import Person
from banyan.tracker.consents import say
from banyan.tracker.enrolment import Enrolment, enrolments
from banyan.words.choice import choices

routes = Routes()
DIFFER = N_("两次输入的新密码不一样，请再输一次")


@routes.get("/welcome", needs=SIGNED_IN, before_password=True)
def welcome(page: MyPage) -> Response:
    if not _is_new(page):
        return page.go("/")
    with page.reading() as session:
        if device_of(session, page) is None:
            return page.show("learner/welcome_stop.html", ring=supervisor_of(session, page.me.person.id, page.today))
    return page.show("learner/welcome_size.html", identity=_months(page)) if not page.me.person.text_size else _ask(page)


@routes.post("/welcome/consent", needs=SIGNED_IN)
def choose_consent(page: MyPage, given: Annotated[str, Form()] = "") -> Response:
    """The tap that leads on says yes or no to what neither law nor duty asks for."""
    with page.writing() as session:
        say(session, page.me, Consent.REMINDERS, given == "yes", page.now)
    lesson = first_lesson(page)
    return RedirectResponse(words.button(lesson, page.language).path, 303) if lesson else page.go("/")


@routes.post("/welcome/size", needs=SIGNED_IN, before_password=True)
def choose_size(page: MyPage, size: Annotated[str, Form()] = "") -> Response:
    chosen = choices({"size": size})
    with page.writing() as session:
        preferences.keep(session, page.me.person.id, chosen)
    reply = page.go(WELCOME)
    keep(reply, chosen)
    return reply


@routes.post("/welcome/pin", needs=SIGNED_IN, before_password=True)
def choose_pin(page: MyPage, pin: Annotated[str, Form()] = "") -> Response:
    """Show the digits once more; nobody can look them up afterwards."""
    if not _is_new(page) or page.me.actor.charges:
        return page.go(WELCOME)
    try:
        with page.writing() as session:
            device = device_of(session, page)
            if device is None:
                return page.go(WELCOME)
            set_pin(session, device, pin, page.house.entry_key)
    except BadInputError as fault:
        return _ask(page, fault)
    lesson = first_lesson(page)
    button = words.button(lesson, page.language) if lesson else None
    ahead = sentence(lesson, page.today, page.language) if lesson else ""
    return page.show("learner/welcome_done.html", pin=pin, button=button, ahead=ahead)


@routes.post("/welcome/again", needs=SIGNED_IN, before_password=True)
def choose_again(page: MyPage, pin: Annotated[str, Form()] = "") -> Response:
    """Whoever still sees their digits may choose others; for anybody else nothing changes."""
    try:
        prove(page, pin)
    except NotAllowedError:
        return page.go(WELCOME)
    with page.writing() as session:
        session.get_one(Person, page.me.person.id).must_change_password = True
    return page.go(WELCOME)


@routes.post("/welcome/password", needs=SIGNED_IN, before_password=True)
def choose_first_password(page: MyPage, new: Annotated[str, Form()] = "", again: Annotated[str, Form()] = "") -> Response:
    if not _is_new(page):
        return page.go(WELCOME)
    try:
        if new != again:
            raise BadInputError(DIFFER)
        with page.writing() as session:
            if device_of(session, page) is None:
                return page.go(WELCOME)
            choose_password(session, session.get_one(Person, page.me.person.id), new, page.now)
    except BadInputError as fault:
        return _ask(page, fault)
    return page.go("/")


def _months(page: SignedInPage) -> int | None:
    """Return how many months after somebody left their name is kept."""
    return page.house.rulebook.retention.of(Keep.IDENTITY).months


def first_lesson(page: SignedInPage) -> Enrolment | None:
    """Return the programme somebody is to learn now, None if what they have to do next is no lesson."""
    with page.reading() as session:
        asked = enrolments(session, page.me.person.id, page.house.rulebook, page.now)
    first = next(filter(is_open, asked), None)
    return first if first and first.step is Step.LEARN and first.next_lesson else None


def _is_new(page: SignedInPage) -> bool:
    person = page.me.person
    return person.must_change_password and person.password_hash is None


def _ask(page: SignedInPage, fault: BanyanError | None = None) -> Response:
    """Ask for six digits, or for a password of who bears a charge."""
    template = "learner/welcome_password.html" if page.me.actor.charges else "learner/welcome_pin.html"
    told = page.say(fault.message, **fault.params) if fault else ""
    return page.show(template, 422 if fault else 200, fault=told)
