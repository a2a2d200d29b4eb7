"""What there is to do, what was handed in, and where its feedback stands, told in the words nbgrader's own list uses.

JupyterLab's panel of tasks reads these answers and parses nothing of the log, but scripts of trainers do.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from nbgrader.exchange.abc import ExchangeList
from traitlets import Bool

from grading.exchange.base import PortalExchange, stamp

Info = dict[str, Any]


class PortalList(PortalExchange, ExchangeList):
    """`nbgrader list`: of the tasks, of what one's learners handed in (--inbound), of what one handed in oneself (--cached)."""

    as_json = Bool(False, help="Taken and not used.").tag(config=True)

    def copy_files(self) -> None:
        self.found = self._handed_in() if self.inbound or self.cached else self._released()

    def list_files(self) -> list[Info]:
        self._tell("Submitted assignments:" if self.inbound or self.cached else "Released assignments:")
        return self.found

    def remove_files(self) -> list[Info]:
        """Withdraw what one handed out, or forget the copies of what one handed in. What the portal holds is never removed."""
        if self.inbound:
            self.fail("交上来的作业不能删")
        self._tell("Removing submitted assignments:" if self.cached else "Removing released assignments:")
        for each in self.found:
            if self.cached:
                for own in each["submissions"]:
                    shutil.rmtree(own["path"])
            else:
                self.portal.post("desk", "hand-outs", "withdraw", course=each["course_id"], task=each["assignment_id"])
        return self.found

    def _tell(self, title: str) -> None:
        self.log.info(title)
        for each in self.found:
            for info in each.get("submissions", [each]):
                self.log.info(_line(info))

    def _released(self) -> list[Info]:
        tasks = self.portal.get("tasks", course=self.coursedir.course_id)["tasks"]
        wanted = [each for each in tasks if self.task in ("", each["task"])]
        return [self._offered(each) for each in sorted(wanted, key=lambda each: (each["course"], each["task"]))]

    def _offered(self, told: Mapping[str, Any]) -> Info:
        folder = self.task_folder(told["course"], told["task"])
        there = folder.is_dir()
        books = sorted(path.stem for path in folder.glob("*.ipynb")) if there else told["notebooks"]
        return {
            "course_id": told["course"],
            "assignment_id": told["task"],
            "status": "removed" if self.remove else "fetched" if there else "released",
            "path": str(folder) if there else "",
            "notebooks": [{"notebook_id": each, "path": str(folder / f"{each}.ipynb")} for each in books],
        }

    def _handed_in(self) -> list[Info]:
        where = ("desk", "submissions") if self.inbound else ("submissions",)
        told = self.portal.get(*where, course=self.coursedir.course_id, task=self.task)["submissions"]
        infos = [info for each in told if (info := self._submitted(each))]
        infos.sort(key=lambda each: (each["course_id"], each["student_id"], each["assignment_id"], each["timestamp"]))
        return [_together(list(theirs)) for _, theirs in groupby(infos, key=_whose)]

    def _submitted(self, told: Mapping[str, Any]) -> Info | None:
        """Return one submission as nbgrader's panel reads it; None for one whose copy here is gone."""
        moment = stamp(told["submitted_at"])
        student = told["student"] if self.inbound else self.student
        path = Path(self.cache, told["course"], f"{student}+{told['task']}+{moment}")
        wanted = self.coursedir.student_id in ("*", "", student)
        if not wanted or (self.cached and not path.is_dir()):
            return None
        fetched = self.task_folder(told["course"], told["task"]) / "feedback" / moment
        books = [_book(each, told["feedback"] or {}, fetched) for each in told["notebooks"]]
        here = bool(books) and all(each["has_local_feedback"] for each in books)
        return {
            "course_id": told["course"],
            "student_id": student,
            "assignment_id": told["task"],
            "timestamp": moment,
            "status": "removed" if self.remove else "submitted",
            "path": str(path),
            "notebooks": books,
            "has_local_feedback": here,
            "has_exchange_feedback": bool(books) and all(each["has_exchange_feedback"] for each in books),
            "feedback_updated": any(each["feedback_updated"] for each in books),
            "local_feedback_path": str(fetched) if here else None,
        }


def _book(name: str, released: Mapping[str, str], fetched: Path) -> Info:
    page = fetched / f"{name}.html"
    held, there = page.is_file(), released.get(page.name)
    return {
        "notebook_id": name,
        "path": str(page),
        "has_local_feedback": held,
        "has_exchange_feedback": there is not None,
        "local_feedback_path": str(page) if held else None,
        "feedback_updated": held and there is not None and hashlib.sha256(page.read_bytes()).hexdigest() != there,
    }


def _whose(info: Info) -> tuple[str, str, str]:
    return info["course_id"], info["student_id"], info["assignment_id"]


def _together(theirs: list[Info]) -> Info:
    course, student, task = _whose(theirs[0])
    about = {"course_id": course, "student_id": student, "assignment_id": task}
    return {**about, "status": theirs[0]["status"], "submissions": theirs}


def _line(info: Info) -> str:
    return " ".join(_words(info))


def _words(info: Info) -> Iterator[str]:
    yield info["course_id"]
    if "student_id" not in info:
        yield info["assignment_id"]
        if info["path"]:
            yield "(already downloaded)"
        return
    yield from (info["student_id"], info["assignment_id"], info["timestamp"])
    if info["has_local_feedback"] and not info["feedback_updated"]:
        yield "(feedback already fetched)"
    else:
        yield "(feedback ready to be fetched)" if info["has_exchange_feedback"] else "(no feedback available)"
