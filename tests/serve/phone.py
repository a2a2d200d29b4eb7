"""A phone without a screen at a served house: it signs in, sits the exam, and keeps every answer until it is acknowledged.

It does what `assets/exam/answers.js` does, so that a test can end processes at moments a browser would not let it choose.
"""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.exam import Form
from banyan.records.engine import Sessions, reading
from banyan.records.examinations import Answer, Attempt
from grading import questions
from grading.questions import case
from tests.conftest import Served
from tests.county import COURSE
from tests.tracker.hall import right

PORTAL, LESSONS = "/services/portal", "/services/lessons"
START = f"{PORTAL}/courses/{COURSE}/exam"
SEAL = re.compile(r'name="csrf" value="(\w+)"|data-csrf="(\w+)"')


@dataclass
class Phone:
    """`queue` is what was given and not yet acknowledged, `kept` what the server said it has: slot → (seq, value)."""

    served: Served
    make: Sessions
    name: str
    line: httpx.Client
    attempt: int = 0
    seal: str = ""
    queue: dict[str, tuple[int, Any]] = field(default_factory=dict)
    kept: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def open(self, path: str) -> httpx.Response:
        """Open a page in a tab, signing in on the way if asked to; its seal is the one that is sent from now on."""
        page = self.line.get(path, follow_redirects=True)
        if page.url.path == "/hub/login":
            page = self._fill_in(page)
        if found := SEAL.search(page.text):
            self.seal = found[1] or found[2]
        return page

    def _fill_in(self, page: httpx.Response) -> httpx.Response:
        account = self.served.account(self.name)
        found = {name: unescape(value) for name, value in re.findall(r'(action|name="_xsrf" value)="([^"]*)"', page.text)}
        form = {"username": account.staff_number, "password": account.password, "_xsrf": found['name="_xsrf" value']}
        return self.line.post(page.url.join(found["action"]), data=form, follow_redirects=True)

    def learn(self) -> None:
        """Read every lesson to its end, as its page would say."""
        release = Catalogue(self.served.home.releases).newest(COURSE)
        self.open(f"{LESSONS}/{COURSE}/{release.lessons[0].name}")
        seal = next(each.value for each in self.line.cookies.jar if each.name == "_xsrf" and each.path.startswith(LESSONS))
        headers = {"X-XSRFToken": seal or "", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
        for lesson, step in [(each.name, step.name) for each in release.lessons for step in each.steps]:
            said = {"course": COURSE, "lesson": lesson, "step": step}
            assert self.line.post(f"{LESSONS}/api/steps", json=said, headers=headers).status_code == 200

    def begin(self) -> "Phone":
        """Begin the exam, or go on with the one under way, whatever of the lessons is still to be read."""
        self.learn()
        self.open(START)
        begun = self.line.post(START, data={"csrf": self.seal})
        assert begun.status_code == 303, begun.text
        self.attempt = int(begun.headers["location"].rsplit("/", 1)[1])
        self.open(f"{PORTAL}/exams/{self.attempt}")
        self.kept = self.on_disk()
        return self

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"accept": "application/json", "x-csrf-token": self.seal}
        return self.line.request(method, f"{PORTAL}/exams/{self.attempt}{path}", json=body, headers=headers)

    def give(self, slot: str, value: Any) -> None:
        """Answer: from now on it is on the phone, whatever happens."""
        known = max((each[slot][0] for each in (self.queue, self.kept) if slot in each), default=0)
        self.queue[slot] = (max(round(time.time() * 1000), known + 1), value)

    def flush(self) -> bool:
        """Send what waits; an answer leaves the queue when it is acknowledged and not before."""
        for slot, (seq, value) in list(self.queue.items()):
            try:
                reply = self.send("PUT", f"/answers/{slot}", {"seq": seq, "value": value})
            except httpx.TransportError:
                return False
            if reply.status_code != 200:
                return False
            assert reply.json()["seq"] >= seq
            self.kept[slot] = (seq, value)
            del self.queue[slot]
        return True

    def flush_until_saved(self, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while not self.flush():
            assert time.monotonic() < until, f"still on the phone: {self.queue}"
            time.sleep(0.3)

    def hand_in(self) -> httpx.Response:
        return self.send("POST", "/submit", {})

    def rights(self) -> dict[str, Any]:
        """Return the right answers by slot; the drill, stepped by the server, and the written answer are left out."""
        return {slot: right(item) for slot, item in self._paper().items() if item.type not in ("case", "open")}

    def walk_the_drill(self) -> None:
        slot, drill = next((slot, item) for slot, item in self._paper().items() if isinstance(item, case.Item))
        for number, choice in enumerate(case.key(drill), start=1):
            assert self.send("POST", "/steps", {"slot": slot, "number": number, "choice": choice}).status_code == 200

    def _paper(self) -> dict[str, questions.Item]:
        exam = Catalogue(self.served.home.releases).newest(COURSE).exam
        with reading(self.make) as session:
            form = Form.from_json(session.get_one(Attempt, self.attempt).form)
        return {seat.name: exam.items[seat.question] for seat in form.slots}

    def on_disk(self) -> dict[str, tuple[int, Any]]:
        with reading(self.make) as session:
            rows = session.query(Answer).filter_by(attempt_id=self.attempt).all()
        assert len({row.slot for row in rows}) == len(rows)
        return {row.slot: (row.seq, row.value) for row in rows}
