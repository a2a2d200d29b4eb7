"""Landlock: the kernel itself refuses every file but those named here; no right is needed to ask for it.

It does not cover what a file's marks say (mode, owner, times), nor sockets that have a path: the filter of calls does.
"""

import os
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grading.confinement.system import syscall

CREATE, ADD, RESTRICT = 444, 445, 446
RUN, WRITE, READ, LIST, REMOVE, MAKE_SOCKET = (1 << bit for bit in (0, 1, 2, 3, 5, 9))
REMOVE_FOLDER, MAKE_FOLDER, MAKE_FILE, TRUNCATE, ASK_A_DEVICE = (1 << bit for bit in (4, 7, 8, 14, 15))
ALL = {0: 0, 1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 5: 0xFFFF}  # rights to files, from which version on
ALL_TCP, ALL_SCOPES = 0b11, 0b11  # since 4: binding, connecting; since 6: abstract sockets and signals stay inside
CONNECT = 0b10
OF_FILES, OF_PORTS = 1, 2  # what a rule is about
OF_A_FILE = RUN | WRITE | READ | TRUNCATE | ASK_A_DEVICE
MAY_READ, MAY_MEET = READ | LIST, LIST | REMOVE | MAKE_SOCKET
CHANGE = WRITE | REMOVE | REMOVE_FOLDER | MAKE_FOLDER | MAKE_FILE | TRUNCATE


def version() -> int:
    """Return which Landlock the kernel has, 0 for none."""
    try:
        return syscall(CREATE, 0, 0, 1)
    except OSError:
        return 0


def restrict(readable: Sequence[Path], meeting: Sequence[Path], listed: Sequence[Path] = (), scratch: Sequence[Path] = ()) -> int:
    """Refuse this thread and its forks all other files and return the version that holds; 0 if none does.

    Needs PR_SET_NO_NEW_PRIVS. Of `listed` folders only names are read; in `meeting` folders sockets are made and removed,
    and nothing is read: another's may hold its key. In `scratch` folders files and folders are made, read, changed and removed.
    """
    found = version()
    rights = ALL[max(each for each in ALL if each <= found)]
    allowed = [*((each, LIST) for each in listed), *((each, MAY_READ) for each in readable)]
    allowed += [*((each, MAY_MEET) for each in meeting), (Path(os.devnull), READ | WRITE)]
    allowed += [(each, (MAY_READ | CHANGE) & rights) for each in scratch]
    return _hold(found, rights, allowed)


def restrict_server(readable: Sequence[Path], writable: Sequence[Path], ports: Sequence[int], listed: Sequence[Path]) -> int:
    """Like `restrict`, for a process that runs programs from `readable` and has all rights in `writable`.

    It takes part in TCP by connecting to `ports`, whatever the address, and not otherwise.
    """
    found = version()
    rights = ALL[max(each for each in ALL if each <= found)]
    allowed = [*((each, LIST) for each in listed), *((each, MAY_READ | RUN) for each in readable)]
    allowed += [(each, rights) for each in writable]
    return _hold(found, rights, [*allowed, (Path(os.devnull), (READ | WRITE | TRUNCATE) & rights)], ports)


def narrow(folder: Path) -> int:
    """Refuse this thread all making and removing but in one folder, and signals to any other process; like `restrict`."""
    return _hold(version(), REMOVE | MAKE_SOCKET, [(folder, REMOVE | MAKE_SOCKET)])


def keep_to(folder: Path) -> int:
    """Refuse this thread and its forks every change to files outside one folder; like `restrict`."""
    found = version()
    rights = CHANGE & ALL[max(each for each in ALL if each <= found)]
    return _hold(found, rights, [(folder, rights), (Path(os.devnull), rights & WRITE)])


def _hold(found: int, rights: int, allowed: Sequence[tuple[Path, int]], ports: Sequence[int] = ()) -> int:
    attributes = struct.pack("=QQQ", rights, ALL_TCP, ALL_SCOPES)[: 8 if found < 4 else 16 if found < 6 else 24]
    try:
        rules = syscall(CREATE, attributes, len(attributes), 0)
    except OSError:
        return 0
    try:
        for path, may in allowed:
            _allow(rules, path, may)
        for port in ports if found >= 4 else ():
            syscall(ADD, rules, OF_PORTS, struct.pack("=QQ", CONNECT, port), 0)
        syscall(RESTRICT, rules, 0)
    except OSError:
        return 0
    finally:
        os.close(rules)
    return found


def _allow(rules: int, path: Path, may: int) -> None:
    with suppress(FileNotFoundError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            syscall(ADD, rules, OF_FILES, struct.pack("=Qi", may if path.is_dir() else may & OF_A_FILE, place), 0)
        finally:
            os.close(place)
