"""What Linux knows of processes: starting one bound to us, finding every descendant, ending them.

A subreaper inherits the orphans below it, so a walk down from it finds every process it ever caused, whatever
sessions and groups they made for themselves.
"""

import ctypes
import os
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOG_LIMIT = 20_000_000  # bytes; a longer log is set aside
LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """Ask for SIGTERM when the parent ends; it may have ended already."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def launch(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> int:
    """Start a command in its own session, bound to this process, writing to a log; return its id."""
    turn_over(log)
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        die_with_parent(parent)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 1)
        os.dup2(1, 2)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is the point
    except OSError as fault:
        os.write(2, f"{command[0]}: {fault}\n".encode())
    finally:
        os._exit(127)


def turn_over(log: Path) -> None:
    """Set a log aside that has grown too long, under the hands of whoever writes to its end; a full disk lets it be."""
    aside = log.with_suffix(".old.log")
    if not log.exists() or log.stat().st_size <= LOG_LIMIT:
        return
    try:
        aside.unlink(missing_ok=True)
        shutil.copyfile(log, aside)
        aside.chmod(0o600)
        os.truncate(log, 0)
    except OSError:
        aside.unlink(missing_ok=True)


def descendants(root: int) -> list[int]:
    """Return every living process below one, parents first."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = entry.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if state not in "ZX":
            children[int(parent)].append(int(entry.parent.name))
    found = [root]
    for each in found:
        found.extend(children[each])
    return found[1:]


def carries(process: int, mark: str) -> bool:
    """Say whether a process was started with `NAME=value` in its environment."""
    try:
        return mark.encode() in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def send(processes: Sequence[int], what: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, what)
        except ProcessLookupError:
            continue


def reap() -> list[tuple[int, int]]:
    """Collect every child that has ended, adopted ones too, with its exit code."""
    ended = []
    try:
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append((child[0], os.waitstatus_to_exitcode(child[1])))
    except ChildProcessError:
        pass
    return ended


def end_all(polite: float) -> None:
    """End everything below this process: ask, wait up to `polite` seconds, then kill until nothing is left."""
    send(descendants(os.getpid()), signal.SIGTERM)
    until = time.monotonic() + polite
    while left := descendants(os.getpid()):
        if time.monotonic() > until:
            send(left, signal.SIGKILL)
        time.sleep(0.02)
        reap()
    reap()
