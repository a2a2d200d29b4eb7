"""The pages of a preview: the lesson as its readers get it, told what its author should know, and a way in."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from banyan.courseware.release import Release
from banyan.lessons.page import TEMPLATES, LessonPage, NoSuchPage, Plain
from banyan.lessons.preview.workshop import Workshop
from banyan.words.practice import as_read
from grading import questions

OWN = "/preview/"
FILES = Path(__file__).parent / "static"
PATIENCE = 15  # seconds; then a line is sent over which nothing is said, so that a broken one is noticed

author_pages = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class ForAuthor(Plain):
    """A page that knows which build it shows, hears of the next, and says what is wrong by file and line."""

    built = ""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        self.built = self.workshop.built

    @property
    def workshop(self) -> Workshop:
        found: Workshop = self.settings["workshop"]
        return found

    def frame(self) -> dict[str, Any]:
        static = f"{OWN}static/"
        about = {
            "where": self.workshop.source.label,
            "news": f"{OWN}news",
            "script": f"{static}preview.js",
            "style": f"{static}preview.css",
            "built": self.built,
        }
        return super().frame() | {"author": about, "portal": "/"}

    def show(self, template: str, **about: Any) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(author_pages.get_template(template).render(page=self.frame(), **about))


class PreviewPage(ForAuthor, LessonPage):
    """A lesson of the last build."""


class Nothing(ForAuthor, NoSuchPage):
    """Whatever a preview does not have; it comes to life when its file is written."""


class Index(ForAuthor):
    """The course at a glance."""

    def get(self) -> None:
        self.show("course.html", source=self.workshop.source, release=self.workshop.release)


class Questions(ForAuthor):
    """All questions with what they want to hear; in lessons and in the exam they are taken one by one."""

    def get(self) -> None:
        release = self.workshop.release
        if release is None:
            raise HTTPError(404)
        exam = [self._shown(item, release, "exam-") for item in release.exam.items.values()]
        practice = [self._shown(item, release, "practice-") for item in release.practice.values()]
        self.show("questions.html", release=release, practice=practice, exam=exam)

    def _shown(self, item: questions.Item, release: Release, prefix: str) -> dict[str, Any]:
        return as_read(item, self.speech, prefix, release.picture) | {"id": item.id, "wants": wants(item)}


def wants(item: questions.Item) -> list[str]:
    """Return an answer that earns everything, in words; nothing where only a person can tell."""
    kind = questions.type_of(item)
    key = kind.key(item)
    return [] if key is None else kind.spelled(item, key)


class News(ForAuthor):
    """Server-sent events: what is built and what is wrong, at once and after every change."""

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Encoding", "identity")  # compressed, it would be held back
        told = None
        try:
            while True:
                news = self._news()
                self.write(f"data: {json.dumps(news)}\n\n" if news != told else ": \n\n")
                await self.flush()
                told = news
                await self.workshop.news(PATIENCE)
        except StreamClosedError:  # the page is gone
            return

    def _news(self) -> dict[str, str]:
        workshop = self.workshop
        banner = author_pages.get_template("faults.html").render(faults=workshop.faults, release=workshop.release)
        return {"built": workshop.built, "banner": banner if workshop.faults else ""}
