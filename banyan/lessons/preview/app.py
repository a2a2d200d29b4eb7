"""The lessons service for one author: the same pages, routes and kernels, an identity that needs no hub, a few pages more."""

from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.ioloop import IOLoop
from tornado.web import RedirectHandler, RequestHandler, StaticFileHandler

from banyan.courseware.catalogue import NAME, Catalogue
from banyan.lessons.ahead import PORTAL
from banyan.lessons.app import Lessons
from banyan.lessons.faults import FaultLog
from banyan.lessons.page import STATIC, LessonPage, NoSuchPage
from banyan.lessons.preview.pages import FILES, OWN, Index, News, Nothing, PreviewPage, Questions
from banyan.lessons.preview.throwaway import AUTHOR
from banyan.lessons.preview.throwaway import NAME as AUTHORS_NAME
from banyan.lessons.preview.workshop import Shelf, Workshop
from grading.questions import script


class OneAuthor(IdentityProvider):
    """Whoever reaches the loopback address is the author; a page of elsewhere is kept out by the check of the host's name."""

    def get_user(self, handler: RequestHandler) -> User:
        return User(username=AUTHOR, name=AUTHORS_NAME)

    def get_handlers(self) -> list[Any]:
        return []


class QuestionScript(RequestHandler):
    """The script of pages with questions, with what types of other packages bring."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript")
        self.finish(script.joined(STATIC / script.NAME))


class Preview(Lessons):
    """`workshop` is given before it starts."""

    identity = OneAuthor
    workshop: Workshop

    def init_settings(self) -> dict[str, Any]:
        return super().init_settings() | {"workshop": self.workshop, "allow_remote_access": False}

    def make_catalogue(self) -> Catalogue:
        return Shelf(self.workshop)

    def make_faults(self) -> FaultLog:
        return FaultLog(self.log, where=f"{self.workshop.source.courses.name}/")

    def init_handlers(self) -> list[Any]:
        base, name = self.base_url, NAME.pattern
        own = [
            (r"/", Index),
            (rf"{base}?", RedirectHandler, {"url": "/", "permanent": False}),
            (rf"{PORTAL}(?:courses/{name})?", RedirectHandler, {"url": "/", "permanent": False}),
            (rf"{PORTAL}static/{script.NAME}", QuestionScript),
            (rf"{PORTAL}static/([^/]+)", StaticFileHandler, {"path": str(STATIC)}),
            (rf"{OWN}static/([^/]+)", StaticFileHandler, {"path": str(FILES)}),
            (rf"{OWN}news", News),
            (rf"{OWN}questions", Questions),
        ]
        theirs = {LessonPage: PreviewPage, NoSuchPage: Nothing}
        return own + [(path, theirs.get(handler, handler), *rest) for path, handler, *rest in super().init_handlers()]

    def listen(self) -> None:
        IOLoop.current().spawn_callback(self.workshop.watch)
        super().listen()
