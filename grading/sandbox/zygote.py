"""The warm process that notebooks' processes are forked from: `python -m grading.sandbox.zygote FD ROOMS`.

It loads a shell, shuts itself in (ROOMS is the only folder it may write) and then does four things, a message of JSON
each way over the socket FD: forks a learner's or a judge's process, whose two lines come with the message; interrupts
one; ends one and says how it went. It never hears what is in a notebook. When its owner is gone, so is all it forked.
"""

import gc
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from grading.confinement import Limits, Mapped, confine, keep_to, limit, mapped
from grading.confinement.folders import remove
from grading.confinement.system import PR_SET_PDEATHSIG, prctl
from grading.sandbox.judge import be_judge
from grading.sandbox.learner import be_learner
from grading.sandbox.line import BrokenLineError, Line
from grading.sandbox.shell import CellShell, Printed, make_shell

MOST = 1 << 16
LINES = 200, 201  # where a fork keeps its two lines
HIGHEST = 1024  # file descriptor


def main() -> None:
    owner, rooms = socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])
    children: set[int] = set()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: _leave(children, rooms))
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    shell = make_shell(rooms / "shell")
    protection = confine([], [], scratch=[rooms])
    born_with = mapped()
    gc.collect()
    gc.freeze()
    owner.send(json.dumps({"protection": asdict(protection)}).encode())
    try:
        _serve(owner, children, (shell, born_with, owner))
    except Exception:  # noqa: BLE001 - said, then over: the owner starts another
        traceback.print_exc()
    finally:
        _leave(children, rooms)


def _leave(children: set[int], rooms: Path) -> NoReturn:
    """End all that was forked and leave no file; the owner is gone, and a signal may say so while we are at it."""
    for child in children:
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
    for each in rooms.iterdir():
        remove(each)
    os._exit(0)


def _serve(owner: socket.socket, children: set[int], born: tuple[CellShell, Mapped, Any]) -> None:
    while True:
        message, lines, _flags, _address = socket.recv_fds(owner, MOST, 2)
        if not message:
            break
        owner.send(json.dumps(_served(json.loads(message), lines, children, born)).encode())


def _served(asked: dict[str, Any], lines: list[int], children: set[int], born: tuple[CellShell, Mapped, Any]) -> dict[str, Any]:
    match asked["do"]:
        case "fork":
            child = os.fork()
            if child == 0:
                _become(asked, lines, *born)
            for each in lines:
                os.close(each)
            children.add(child)
            return {"pid": child}
        case "interrupt":
            os.kill(asked["pid"], signal.SIGINT)
            return {}
    return _ended(asked["pid"], asked["broken"], children)


def _ended(child: int, broken: bool, children: set[int]) -> dict[str, Any]:
    """End a process that is still there; say with what code it had ended if it was not, and what it used."""
    early, status, used = os.wait4(child, os.WNOHANG)
    for _moment in range(20 if broken and not early else 0):  # its line has ended before it
        time.sleep(0.01)
        early, status, used = os.wait4(child, os.WNOHANG) if not early else (early, status, used)
    if not early:
        os.kill(child, signal.SIGKILL)
        _child, _status, used = os.wait4(child, 0)
    children.discard(child)
    code = os.waitstatus_to_exitcode(status) if early else None
    return {"code": code, "processor": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}


def _become(asked: dict[str, Any], lines: list[int], shell: CellShell, born_with: Mapped, owner: socket.socket) -> NoReturn:
    """Be a learner's or a judge's process until its room has no more to say."""
    code = 1
    try:
        zygote = os.getppid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        owner.close()
        work = Path(asked["work"])
        room, other = _settled(lines, work)
        _limited(work, Limits(**asked["limits"]), born_with)
        if os.getppid() == zygote:
            _live(asked, shell, Line(room), Line(other))
        code = 0
    except BrokenLineError:
        code = 0
    finally:
        os._exit(code)


def _live(asked: dict[str, Any], shell: CellShell, room: Line, other: Line) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    sys.stdout, sys.stderr = Printed(shell, "stdout"), Printed(shell, "stderr")
    if asked["be"] == "judge":
        os.environ["HOME"] = asked["own"]  # what a learner wrote is nobody's settings
        sys.path.insert(0, asked["own"])
        be_judge(shell, room, other, Path(asked["own"]))
    else:
        sys.path.insert(0, "")
        be_learner(shell, room, other)


def _settled(lines: list[int], work: Path) -> tuple[socket.socket, socket.socket]:
    """Keep no file open but the two lines, and be at home in one's own folder."""
    moved = [os.dup2(each, place) for each, place in zip(lines, LINES, strict=True)]
    os.closerange(0, LINES[0])
    os.closerange(LINES[1] + 1, HIGHEST)
    for flags in (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY):
        os.open(os.devnull, flags)
    os.chdir(work)
    os.environ |= {"HOME": str(work), "TMPDIR": str(work), "NBGRADER_EXECUTION": "autograde"}
    tempfile.tempdir = str(work)
    first, second = (socket.socket(fileno=each) for each in moved)
    return first, second


def _limited(work: Path, limits: Limits, born_with: Mapped) -> None:
    keep_to(work)
    limit(born_with, limits)


if __name__ == "__main__":
    main()
