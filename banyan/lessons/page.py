"""The page of one lesson, and the plain page that says why there is none."""

import base64
import hashlib
import hmac
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import banyan
from banyan.accounts.hub_language import size_of
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.county import filled
from banyan.courseware.county_words import fill_for
from banyan.courseware.release import LessonOutline, Release
from banyan.domain.county_values import tel
from banyan.errors import NotFoundError
from banyan.lessons.ahead import PORTAL, Reading, ahead
from banyan.lessons.identity import Signed, in_thread
from banyan.lessons.prepared import Prepared, Version, text_language
from banyan.lessons.spoken import offers
from banyan.records.engine import reading
from banyan.tracker.county import settings_of
from banyan.words.language import LANGUAGES
from grading.questions import DRILLS, script

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(banyan.__file__).parent / "portal" / "static"
BOOT = Markup('document.documentElement.className += " js";')
POLICY = (
    "default-src 'self'; script-src 'self' '{boot}' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self'; connect-src 'self' ws://{host} wss://{host}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EMERGENCIES = "C5."  # the framework's domain of safety and emergencies
NO_LESSON = "没有找到这一课，可能已经换了新的；请从课程页重新进入"
SENTENCES = {403: "这里您不能进", 404: NO_LESSON}
SORRY = "这一页暂时打不开，请稍后再试"

BOOT_ALLOWED = f"sha256-{base64.b64encode(hashlib.sha256(BOOT.encode()).digest()).decode()}"

pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


class Plain(Signed):
    """Whatever goes wrong is said on a page of ours, in one sentence."""

    @property
    def content_security_policy(self) -> str:
        return POLICY.format(boot=BOOT_ALLOWED, host=self.request.host)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        fault = kwargs.get("exc_info", (None, None))[1]
        own = getattr(fault, "log_message", None) if status_code == 403 else None
        words = self.speech.say(own or SENTENCES.get(status_code, SORRY if status_code >= 500 else NO_LESSON))
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(pages.get_template("sorry.html").render(page=self.frame(), words=words))

    def frame(self) -> dict[str, Any]:
        """Return what every template of ours needs."""
        return {
            "_": self.speech.say,
            "written": self.speech.written,
            "language": self.speech.code,
            "languages": LANGUAGES,
            "size": size_of(self.request),
            "portal": PORTAL,
            "asset": asset,
            "boot": BOOT,
            "author": None,  # whom a page tells what is wrong with it: in a preview
        }


class NoSuchPage(Plain):
    """Everything that is not a lesson: there is nothing else to be had here."""

    async def get(self) -> None:
        self.send_error(404)


class LessonPage(Plain):
    """A lesson of a course's newest release: the same for all, with what only this reader has filled in."""

    async def get(self, course: str, lesson: str) -> None:
        catalogue: Catalogue = self.settings["catalogue"]
        try:
            release = await in_thread(catalogue.newest, course)
            about = release.lesson(lesson)
        except NotFoundError:
            self.send_error(404)
            return
        prepared = await self.settings["shelf"].lesson(release, about, self.speech)
        mine = await in_thread(self._mine, release, about)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(pages.get_template("lesson.html").render(page=self._page(release, about, prepared) | mine))

    def _mine(self, release: Release, about: LessonOutline) -> dict[str, Any]:
        """Return what differs from reader to reader."""
        with reading(self.records) as session:
            place = settings_of(session).for_units(self.learner.paths)
            then = ahead(session, Reading(self.learner.person_id, release, about.name), self.speech)
        fill = fill_for(place, self.settings["house"].demo)
        return {
            "ahead": then,
            "fill": lambda html: Markup(filled(html, lambda key: self.speech.written_html(fill(key)))),  # noqa: S704
            "desk": place.desk,
            "desk_tel": tel(place.desk[1]),
            "reader": self._reader(),
            "seal": self.xsrf_token.decode(),
            "here": self.request.uri,
        }

    def _page(self, release: Release, about: LessonOutline, prepared: Prepared) -> dict[str, Any]:
        emergency = any(code.startswith(EMERGENCIES) for code in release.teaches)
        return self.frame() | {
            "lesson": about,
            "prepared": prepared,
            "course": release.course,
            "snapshot": str(Version(release.number, self.settings["version"])),
            "back": f"{PORTAL}courses/{release.course}",
            "api": f"{self.base_url}api/",
            "title": self.speech.text(about.title.model_dump()),
            "text_language": text_language(self.speech),
            "foreign": self.speech.foreign,
            "terms": list(zip(about.terms, release.terms(about.terms), strict=True)),
            "recordings": offers(release, about, self.base_url, self.speech),
            "keeper": f"{self.base_url}offline.js",
            "facts": list(zip(about.facts, release.facts(about.facts), strict=True)),
            "sos": emergency or bool(prepared.types & DRILLS),
            "demo": self.settings["house"].demo,
        }

    def _reader(self) -> str:
        """Return a mark that tells readers of one phone apart and says nothing else about them."""
        secret: bytes = self.settings["cookie_secret"]
        return hmac.digest(secret, self.current_user.username.encode(), "sha256").hex()[:16]


@cache
def asset(name: str) -> str:
    """Return the address of one of the portal's built files; its digest changes when it does."""
    path = STATIC / name
    content = script.joined(path) if name == script.NAME else path.read_bytes() if path.is_file() else b""
    digest = hashlib.sha256(content).hexdigest()[:12] if content else "0"
    return f"{PORTAL}static/{name}?v={digest}"
