"""What the page asks and tells about its reader: steps done, practice answered. Only ever about the one who is signed in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session
from tornado.web import Finish, HTTPError

from banyan.courseware.release import Release
from banyan.errors import BadInputError, BanyanError, NotFoundError, NotYetError
from banyan.lessons.identity import Signed, in_thread
from banyan.lessons.page import NO_LESSON
from banyan.records.engine import reading, writing
from banyan.tracker.concerns import Said, part_of, raise_concern
from banyan.tracker.progress import Place, Practised, finish_step, keep_practice, lesson_state
from banyan.words.practice import scene, told
from grading import questions

LARGEST = 64 * 1024  # bytes; no answer of ours is longer
LONGEST_NAME = 80
SIGNED_OUT = "请重新登录；没存上的内容还留在这部手机里"
UNREADABLE = "这次发来的内容读不懂，请刷新页面再试"
NO_QUESTION = "没有找到这道题，可能已经换了新的；请刷新页面"
BUSY = "现在存不上，稍后会自动再试"


class Api(Signed):
    """Answers in JSON, faults too: {"error": a sentence}."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(_redirect_to_login=False)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        fault = kwargs.get("exc_info", (None, None))[1]
        if self.current_user is None and status_code == 403:
            status_code, sentence = 401, SIGNED_OUT
        else:
            sentence = getattr(fault, "log_message", None) or BUSY
        self.reply({"error": self.speech.say(sentence)}, status_code)

    def reply(self, said: Any, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(said, ensure_ascii=False))

    def refused(self, status: int, fault: BanyanError) -> HTTPError:
        return HTTPError(status, self.speech.say(fault.message, **fault.params))

    def send_to_password(self) -> None:
        self.reply({"error": self.speech.say("请先改掉初始密码")}, 403)
        raise Finish

    def given(self, *names: str) -> tuple[str, ...]:
        """Return texts of the JSON body by name; what is no text was not sent by our page."""
        texts = tuple(each for each in map(self.body.get, names) if isinstance(each, str) and len(each) <= LONGEST_NAME)
        if len(texts) < len(names):
            raise HTTPError(400, UNREADABLE)
        return texts

    @property
    def body(self) -> dict[str, Any]:
        if len(self.request.body) > LARGEST:
            raise HTTPError(413, UNREADABLE)
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise HTTPError(400, UNREADABLE) from None
        if not isinstance(body, dict):
            raise HTTPError(400, UNREADABLE)
        return body

    async def release(self, course: str, lesson: str) -> Release:
        try:
            release: Release = await in_thread(self.settings["catalogue"].newest, course)
            release.lesson(lesson)
        except NotFoundError:
            raise HTTPError(404, NO_LESSON) from None
        return release

    async def kept(self, verb: Callable[[Session], Any]) -> Any:
        """Run a verb in one transaction, beside the loop."""

        def run() -> Any:
            with writing(self.records) as session:
                return verb(session)

        try:
            return await in_thread(run)
        except NotFoundError as fault:
            raise self.refused(404, fault) from None


class State(Api):
    """Where the reader left off in a lesson, on whatever phone."""

    async def get(self) -> None:
        course, lesson = self.get_query_argument("course", ""), self.get_query_argument("lesson", "")
        await self.release(course, lesson)
        steps, answers = await in_thread(self._read, course, lesson)
        self.reply({"steps": list(steps), "answers": dict(answers)})

    def _read(self, course: str, lesson: str) -> Any:
        with reading(self.records) as session:
            return lesson_state(session, self.learner.person_id, course, lesson)


class Steps(Api):
    """A step was read to its end."""

    async def post(self) -> None:
        course, lesson, step = self.given("course", "lesson", "step")
        release = await self.release(course, lesson)
        now = datetime.now(UTC)
        await self.kept(lambda session: finish_step(session, self.learner.person_id, release, Place(lesson, step), now))
        self.reply({"step": step, "saved": True})


class Practice(Api):
    """An answer to a practice question: scored here, kept as the latest."""

    async def post(self) -> None:
        course, lesson, name = self.given("course", "lesson", "question")
        release = await self.release(course, lesson)
        item = release.practice_item(name) if name in release.lesson(lesson).questions else None
        if item is None:
            raise HTTPError(404, NO_QUESTION)
        kind = questions.type_of(item)
        try:
            value, cleaned = kind.parse(item, self.body.get("value")), questions.as_kept(item, self.body.get("value"))
        except BadInputError as fault:
            raise self.refused(422, fault) from None
        said = told(item, value, self.speech)
        kept = Practised(lesson, name, cleaned, said.right)
        await self.kept(lambda session: keep_practice(session, self.learner.person_id, course, kept, datetime.now(UTC)))
        self.reply({"right": said.right, "text": said.text})


class PracticeSteps(Api):
    """A step in a practice question that is walked: what came of it is shown; nothing is kept before its end is answered."""

    async def post(self) -> None:
        course, lesson, name = self.given("course", "lesson", "question")
        release = await self.release(course, lesson)
        item = release.practice_item(name) if name in release.lesson(lesson).questions else None
        kind = questions.stepped_type_of(item) if item else None
        if item is None or kind is None:
            raise HTTPError(404, NO_QUESTION)
        choice = self.body.get("choice")
        try:
            path = kind.parse(item, self.body.get("path")) or ()
            path = path if choice is None else kind.step(item, path, choice)
        except BadInputError as fault:
            raise self.refused(422, fault) from None
        shown = scene(item, path, self.speech, release.picture)
        self.reply({"scene": shown, "path": list(path), "ended": kind.ended(item, path)})


class Concerns(Api):
    """这题有问题, 看不懂: said of a practice question or of a step, with a few words or none."""

    async def post(self) -> None:
        course, lesson, kind = self.given("course", "lesson", "kind")
        release = await self.release(course, lesson)
        question, step, words = (self.body.get(name, "") for name in ("question", "step", "words"))
        if not all(isinstance(each, str) for each in (question, step, words)):
            raise HTTPError(400, UNREADABLE)
        try:
            said = Said(part_of(release, lesson, question, step), release.number, kind, words)
            await self.kept(lambda session: raise_concern(session, self.learner.person_id, said, datetime.now(UTC)))
        except NotFoundError as fault:
            raise self.refused(404, fault) from None
        except (BadInputError, NotYetError) as fault:
            raise self.refused(422, fault) from None
        self.reply({"told": True})
