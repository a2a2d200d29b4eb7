"""One notebook's run, seen from the side that grades: two processes, their folder, and the time they have."""

import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from banyan.errors import TaskFaultError
from grading.confinement import Limits
from grading.confinement.folders import UnseenError, entries, remove
from grading.sandbox.learner import OUT_OF_MEMORY
from grading.sandbox.line import BrokenLineError, Line, SilentLineError
from grading.sandbox.names import Names, Seen
from grading.sandbox.nursery import Nursery, line_pair, nursery
from grading.sandbox.outputs import outputs

MB = 1 << 20
GRACE = 1.0  # seconds for a program to heed an interruption
LOOK = 0.2  # seconds between two looks at how much has been written
TOO_LATE = {"ename": "CellTimeoutError", "evalue": "", "traceback": ["CellTimeoutError: No reply from kernel before timeout"]}
"""What nbgrader shows for a cell that was interrupted."""


class Kind(StrEnum):
    """Whose a cell is: the `learner`'s; `given` by the author to both; the author's `test`."""

    LEARNER = "learner"
    GIVEN = "given"
    TEST = "test"


@dataclass(frozen=True)
class Allowance:
    """What one notebook may take: seconds for a cell and in all; in its folder bytes, files with folders, and depth."""

    cell: float = 20
    whole: float = 90
    written: int = 64 * MB
    files: int = 1000
    deep: int = 10
    process: Limits = field(default_factory=lambda: Limits(memory=256 * MB, processor=60, file=16 * MB, niceness=5))


@dataclass(frozen=True)
class Ran:
    """What a cell showed; whether that was `cut` short, and whether the cell was interrupted (`late`)."""

    outputs: list[NotebookNode]
    cut: bool = False
    late: bool = False


class Run:
    """Cells run one after the other; TaskFaultError when the learner's program must be stopped or has ended itself."""

    def __init__(self, warm: Nursery, folder: Path, names: Names, allowance: Allowance) -> None:
        self._warm, self._folder, self._allowance = warm, folder, allowance
        self._learner, learners = line_pair()
        self._judge, judges = line_pair()
        between, other = line_pair()
        folders = {"work": str(folder / "work"), "own": str(folder / "own")}
        self._pids: dict[str, int] = {}
        self._until = time.monotonic() + allowance.whole
        self._asked: set[str] = set()
        with learners, judges, between.side, other:
            self._pids["learner"] = warm.fork("learner", folders, allowance.process, (learners, between.side))
            self._pids["judge"] = warm.fork("judge", folders, allowance.process, (judges, other))
        self._learner.say({"given": names.given})
        self._judge.say({"given": names.given, "libraries": names.libraries, "asked": names.asked})

    def cell(self, kind: Kind, source: str, number: int) -> Ran:
        """Run one cell; what a given cell does in the judge's process is not shown."""
        asked = {"do": "run", "source": source, "number": number}
        if kind is Kind.TEST:
            return self._ran(self._judge, asked)
        ran = self._ran(self._learner, asked)
        if kind is Kind.GIVEN:
            self._ran(self._judge, asked)
        return ran

    def mentioned(self, source: str) -> list[str]:
        """Return the names a cell reads."""
        found: list[str] = self._answer(self._judge, {"do": "names", "source": source})["names"]
        return found

    def seen(self, names: list[str]) -> Seen:
        """Return what names are at this moment; only for an author's own solution."""
        return Seen(**self._answer(self._judge, {"do": "origins", "names": names}))

    def close(self) -> None:
        """End both processes, whatever they are at."""
        for side in (self._learner.side, self._judge.side):
            side.close()
        for each in tuple(self._pids):
            self._warm.end(self._pids.pop(each))

    def _ran(self, line: Line, asked: Mapping[str, Any]) -> Ran:
        said, late = self._in_time(line, asked)
        if said.get("broken"):
            raise self._fault(said["broken"])
        try:
            shown = outputs(said.get("outputs"), asked["number"])
        except BrokenLineError as fault:
            raise self._fault(str(fault)) from None
        if late:
            shown.append(new_output("error", **TOO_LATE))
        return Ran(shown, said.get("cut") is True, late)

    def _answer(self, line: Line, asked: Mapping[str, Any]) -> Any:
        return self._in_time(line, asked)[0]

    def _in_time(self, line: Line, asked: Mapping[str, Any]) -> tuple[Any, bool]:
        """Return an answer, and whether an interruption was needed for it; of who ignores that nothing is left."""
        ask = secrets.token_hex(8)  # known to nobody before it is read: an answer written ahead is none to this
        self._asked.add(ask)
        try:
            with suppress(SilentLineError):  # what is left of it goes while we wait
                line.say({**asked, "ask": ask}, time.monotonic() + LOOK)
            said = self._wait(line, ask, self._allowance.cell)
            late = said is None
            for whom in ("learner", "judge"):
                if said is None:
                    self._warm.interrupt(self._pids[whom])
                    said = self._wait(line, ask, GRACE)
        except BrokenLineError as fault:
            raise self._fault(str(fault)) from None
        if said is None:
            raise TaskFaultError(
                "学员的程序超过 {seconds} 秒还不停，叫停也不理，已经强行结束", seconds=round(self._allowance.cell)
            )
        if not isinstance(said, dict) or said.pop("to", None) != ask:
            raise self._fault("an answer to what was not asked")
        self._look_into_folder()
        return said, late

    def _wait(self, line: Line, ask: str, seconds: float) -> Any:
        """Return what comes in time, or None; what answers an earlier question again was interrupted while it was told."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            if now > self._until:
                raise TaskFaultError("整本作业运行超过 {seconds} 秒，已经停下", seconds=round(self._allowance.whole))
            with suppress(SilentLineError):
                said = line.hear(min(until, now + LOOK))
                if not self._answers_before(said, ask):
                    return said
            self._look_into_folder()
        return None

    def _answers_before(self, said: Any, ask: str) -> bool:
        to = said.get("to") if isinstance(said, dict) else None
        return isinstance(to, str) and to != ask and to in self._asked

    def _look_into_folder(self) -> None:
        size = files = 0
        with suppress(UnseenError):
            for each in entries(self._folder, self._allowance.deep):
                files, size = files + 1, size + each.st_size
                if size > self._allowance.written or files > self._allowance.files:
                    break
            else:
                return
        raise TaskFaultError("学员的程序写的文件太多、太大，或者文件夹套得太深，已经强行结束")

    def _fault(self, said: str) -> TaskFaultError:
        """Say why the learner's process is not there any more, or cannot be talked to."""
        ended = self._warm.end(self._pids.pop("learner"), broken=True)
        most = self._allowance.process
        if ended.code == OUT_OF_MEMORY or (ended.code == -9 and ended.memory > most.memory):
            return TaskFaultError("学员的程序用完了给它的内存（{megabytes} MB），已经结束", megabytes=most.memory // MB)
        if ended.processor >= most.processor:
            return TaskFaultError("学员的程序用完了给它的运算时间（{seconds} 秒），已经结束", seconds=most.processor)
        if ended.code is not None:
            return TaskFaultError("学员的程序自己退出了，没有运行完；请学员去掉退出程序的语句再交")
        return TaskFaultError("学员的程序扰乱了阅卷的通信，已经强行结束（{reason}）", reason=said)


@contextmanager
def running(
    own: Mapping[str, bytes], brought: Mapping[str, bytes], names: Names, allowance: Allowance | None = None
) -> Iterator[Run]:
    """Yield a run in a new folder with the author's files (`own`) and the learner's; nothing of it is left afterwards."""
    warm = nursery()
    folder = Path(tempfile.mkdtemp(dir=warm.rooms))
    run = None
    try:
        for name, files in (("work", {**brought, **own}), ("own", own)):
            (folder / name).mkdir()
            for file, content in files.items():
                (folder / name / file).write_bytes(content)
        run = Run(warm, folder, names, allowance or Allowance())
        yield run
    finally:
        if run:
            run.close()
        remove(folder)
