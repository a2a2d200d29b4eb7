"""A reader's phone and a house one can take away from it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, Request

from banyan.courseware.build import build_course
from banyan.lessons.ahead import LESSONS
from banyan.records.engine import open_engine, reading, sessions
from banyan.serve.ports import free_ports
from banyan.settings import Home
from banyan.tracker.people import find_me
from banyan.tracker.progress import lesson_state
from tests.courseware.sample import Sample, write
from tests.courseware.sounds import mp3
from tests.lessons.conftest import BORN, LIN, _people

NOTHING = "caches.keys().then(names => names.length === 0)"
PHONE = {"width": 360, "height": 740}
GLOSSARY = """\
待核:
  plain: 还没弄清，正请人去查。
险情:
  plain: 危险的情形。
  fact: F1
"""
MORE = """
不知道的就说**待核**，还是待核；看见险情马上说。

- 坡上有险情；
- 河里有险情。

```{code-cell} ipython3
ask("how-many")
```
"""
HOW_MANY = """\
how-many:
  type: numeric
  stem: 应到24人，点到22人，差几人？
  key: {value: 2, tolerance: 0, unit: 人}
  feedback: {right: 对，差两人。, wrong: 再点一遍。}
  indicators: [C5.2.b]
  own: skill
"""
SECOND = """---
title: {zh: 第二课, en: The second}
minutes: 3
own: [again]
---

# 第二课

(again)=
## 再读一遍

雨停了，坡里的水还在。
"""


def make_course(root: Path) -> Sample:
    sample = write(root)
    (sample.content / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    sample.add("lessons/first.md", MORE)
    sample.add("lessons/second.md", SECOND)
    sample.add("questions/practice/first.yaml", HOW_MANY)
    sample.change("course.yaml", "lessons: [first]", "lessons: [first, second]")
    voice = sample.courses / "x-1" / "audio" / "first" / "one-night.mp3"
    voice.parent.mkdir(parents=True)
    voice.write_bytes(mp3(65))
    return sample


@dataclass
class House:
    """Can be halted, stopped and started again at the same address."""

    home: Home
    sample: Sample
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lesson(self, name: str = "first") -> str:
        return f"{self.url}{LESSONS}x-1/{name}"

    def publish(self) -> None:
        build_course(self.sample.courses, "x-1", self.sample.content, self.home.releases, BORN)

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.lessons.reading_house", str(self.home.root), str(self.port)]
        with (self.home.logs / "reading.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(600):
            if self._is_up():
                return
            time.sleep(0.1)
        raise AssertionError((self.home.logs / "reading.log").read_text(encoding="utf-8"))

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}{LESSONS}offline.js", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def halt(self) -> None:
        """Let it hear and not answer, as on a line that is hardly one."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextmanager
def reading_house(root: Path) -> Iterator[House]:
    home = Home.create(root / "home", demo=True)
    _people(home)
    house = House(home, make_course(root), free_ports(1)[0])
    house.publish()
    house.start()
    try:
        yield house
    finally:
        house.stop()


def sign_in(phone: BrowserContext, house: House, who: str = LIN) -> None:
    phone.add_cookies([{"name": "who", "value": who, "url": house.url}])


def sign_out(phone: BrowserContext, house: House) -> None:
    """Forget the cookie and show the page that the hub shows then."""
    phone.clear_cookies()
    page = phone.new_page()
    page.goto(f"{house.url}/hub/login")
    wait_for(page, NOTHING)
    page.close()


def answers_of(house: House, number: str) -> dict[str, object]:
    """Return what the service has of somebody's answers in the first lesson."""
    engine = open_engine(house.home.records_url)
    with reading(sessions(engine)) as session:
        me = find_me(session, number, BORN.date())
        _, answers = lesson_state(session, me.person.id, "x-1", "first")
    engine.dispose()
    return dict(answers)


def kept(page: Page) -> list[str]:
    """Return the lessons that this phone keeps."""
    return page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const each of await (await caches.open(name)).keys())
                    if (/x-1\\/[a-z]+$/.test(each.url)) found.push(each.url.split("/").pop());
            return found;
        }"""
    )


def wait_for(page: Page, promised: str) -> None:
    """Wait until what an expression promises is true."""
    for _ in range(200):
        if page.evaluate(promised):
            return
        page.wait_for_timeout(100)
    raise AssertionError(promised)


def wait_until_kept(page: Page, address: str = f"{LESSONS}x-1/first") -> None:
    """Wait for the page and, last, the page for lessons that are not kept."""
    wait_for(page, f"caches.match('{address}').then(Boolean)")
    wait_for(page, f"caches.match('{LESSONS}away').then(Boolean)")


def opened(phone: BrowserContext, house: House, lesson: str = "first") -> Page:
    """Return a page on which a lesson was opened and kept."""
    page = phone.new_page()
    page.goto(house.lesson(lesson))
    wait_until_kept(page, f"{LESSONS}x-1/{lesson}")
    return page


class Posted:
    """What a context's pages sent to the service, by the last part of the address."""

    def __init__(self, phone: BrowserContext) -> None:
        self.seen: list[Request] = []
        phone.on("request", lambda request: self.seen.append(request) if request.method == "POST" else None)

    def to(self, name: str) -> list[object]:
        return [each.post_data_json for each in self.seen if each.url.endswith(f"api/{name}")]
