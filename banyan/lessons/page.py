"""The page of one lesson, and the plain page that says why there is none."""

import hashlib
import hmac
import secrets
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler

import banyan
from banyan.accounts.hub_language import size_of
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.county_words import fill_for
from banyan.courseware.release import LessonOutline, Release
from banyan.domain.county_values import tel
from banyan.errors import NotFoundError
from banyan.lessons.ahead import PORTAL, Reading, ahead
from banyan.lessons.county import place_of
from banyan.lessons.identity import Signed, in_thread
from banyan.lessons.kernels import Lease
from banyan.lessons.questions import as_read
from banyan.lessons.renderer import LessonRenderer
from banyan.lessons.steps import asked, needs_kernel, steps_of
from banyan.lessons.widget_words import as_read as output_as_read
from banyan.lessons.widget_words import widget_words
from banyan.settings import Settings
from banyan.words.language import CHINESE, ENGLISH, LANGUAGES, TRADITIONAL

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(banyan.__file__).parent / "portal" / "static"
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self'; connect-src 'self' ws://{host} wss://{host}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EMERGENCIES = "C5."  # the framework's domain of safety and emergencies
REPORTS = {"first_report", "case"}  # what looks like a real report
NO_LESSON = "没有找到这一课，可能已经换了新的；请从课程页重新进入"
SENTENCES = {403: "这里您不能进", 404: NO_LESSON}
SORRY = "这一页暂时打不开，请稍后再试"

plain = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


class Plain(Signed):
    """Whatever goes wrong is said on a page of ours, in one sentence."""

    @property
    def content_security_policy(self) -> str:
        if not hasattr(self, "nonce"):
            self.nonce = secrets.token_urlsafe(12)
        return POLICY.format(nonce=self.nonce, host=self.request.host)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        fault = kwargs.get("exc_info", (None, None))[1]
        own = getattr(fault, "log_message", None) if status_code == 403 else None
        words = self.speech.say(own or SENTENCES.get(status_code, SORRY if status_code >= 500 else NO_LESSON))
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(plain.get_template("sorry.html").render(page=self.frame(), words=words))

    def frame(self) -> dict[str, Any]:
        """Return what every template of ours needs."""
        return {
            "_": self.speech.say,
            "written": self.speech.written,
            "said": partial(output_as_read, speech=self.speech),
            "language": self.speech.code,
            "languages": LANGUAGES,
            "size": size_of(self.request),
            "portal": PORTAL,
            "asset": asset,
            "nonce": getattr(self, "nonce", ""),
            "author": None,  # whom a page tells what is wrong with it: in a preview
        }


class NoSuchPage(Plain):
    """Everything that is not a lesson: there is nothing else to be had here."""

    async def get(self) -> None:
        self.send_error(404)


class LessonPage(Plain, BaseVoilaHandler):
    """A lesson of a course's newest release."""

    async def get(self, course: str, lesson: str) -> None:
        catalogue: Catalogue = self.settings["catalogue"]
        try:
            release = await in_thread(catalogue.newest, course)
            about = release.lesson(lesson)
        except NotFoundError:
            self.send_error(404)
            return
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        renderer = await self._renderer(release, about)
        try:
            async for text, _ in renderer.generate_content_generator():
                self.write(text)
        except StreamClosedError:  # the reader went away while we wrote
            if renderer.kernel_id:
                await renderer.kernels.take_back(renderer.kernel_id)

    async def _renderer(self, release: Release, about: LessonOutline) -> LessonRenderer:
        app = self.settings["lessons"]
        renderer = LessonRenderer(
            request_handler=self,
            voila_configuration=self.voila_configuration,
            traitlet_config=app.config,
            notebook_path=str(release.notebook(about.name).relative_to(app.root_dir)),
            template_paths=app.template_paths,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=app.page_config,
            parent=app,
        )
        await renderer.initialize()
        renderer.kernels, renderer.speech = self.kernels, self.speech
        renderer.faults = {}
        renderer.record = partial(self.settings["faults"].tell, release.course, release.number, about.name)
        renderer.lease = Lease(self.current_user.username, release.course, about.name)
        here = Reading(self.learner.person_id, release, about.name)
        beyond = await in_thread(ahead, self.records, here, self.speech)
        place = await in_thread(place_of, self.records, self.learner.paths)
        renderer.fill = fill_for(place, self.settings["house"].demo)
        about_it = self._lesson(release, about, renderer.notebook.cells)
        renderer.page = self.frame() | about_it | {"renderer": renderer, "ahead": beyond}
        renderer.page |= {"desk": place.desk, "desk_tel": tel(place.desk[1])}
        return renderer

    def _lesson(self, release: Release, about: LessonOutline, cells: list[NotebookNode]) -> dict[str, Any]:
        house: Settings = self.settings["house"]
        opening, steps = steps_of(cells, about.steps)
        questions = {name: as_read(item, self.speech) for name in about.questions if (item := release.practice_item(name))}
        return {
            "course": release.course,
            "back": f"{PORTAL}courses/{release.course}",
            "lesson": about,
            "title": self.speech.text(about.title.model_dump()),
            "text_language": TRADITIONAL if self.speech.code == TRADITIONAL else CHINESE,
            "foreign": self.speech.code == ENGLISH,
            "here": self.request.uri,
            "seal": self.xsrf_token.decode(),
            "opening": opening,
            "steps": steps,
            "asked": asked,
            "practice": questions,
            "table": {name: each["answers"] for name, each in questions.items()},
            "facts": list(zip(about.facts, release.facts(about.facts), strict=True)),
            "sos": any(code.startswith(EMERGENCIES) for code in release.teaches)
            or any(each["type"] in REPORTS for each in questions.values()),
            "demo": house.demo,
            "reader": self._reader(),
            "runs": any(map(needs_kernel, cells)),
            "widget_words": widget_words(self.speech),
        }

    def _reader(self) -> str:
        """Return a mark that tells readers of one phone apart and says nothing else about them."""
        secret: bytes = self.settings["cookie_secret"]
        return hmac.digest(secret, self.current_user.username.encode(), "sha256").hex()[:16]


def asset(name: str) -> str:
    """Return the address of one of the portal's built files; its digest changes when it does."""
    path = STATIC / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "0"
    return f"{PORTAL}static/{name}?v={digest}"
