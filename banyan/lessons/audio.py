"""Recorded steps, to whoever is signed in: in pieces where a player asks for pieces, kept by the phone once fetched."""

from pathlib import Path
from typing import Any

from tornado.web import HTTPError, StaticFileHandler

from banyan.errors import NotFoundError
from banyan.lessons.identity import Signed

KINDS = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}
MONTH = 30 * 24 * 3600  # seconds; a release never changes


class StepAudio(Signed, StaticFileHandler):
    """One recording, named by course, release, lesson and step: nothing that a release does not list has an address here."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(_redirect_to_login=False)

    def send_to_password(self) -> None:
        raise HTTPError(403)

    async def get(self, course: str, number: str, lesson: str, step: str) -> None:  # type: ignore[override]
        try:
            path = self.settings["catalogue"].open(course, int(number)).recording(lesson, step)
        except NotFoundError:
            raise HTTPError(404) from None
        self.root = str(path.parent)
        await StaticFileHandler.get(self, path.name)

    async def head(self, course: str, number: str, lesson: str, step: str) -> None:  # type: ignore[override]
        await self.get(course, number, lesson, step)

    def get_content_type(self) -> str:
        return KINDS[Path(self.absolute_path or "").suffix]

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", f"private, max-age={MONTH}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
