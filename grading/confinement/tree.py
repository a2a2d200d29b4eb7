"""A file tree of one's own: only the given paths are in it, at their usual places, most of them read-only.

The way is bubblewrap's: turn to an empty tree from which the old one is still seen, hang what is wanted into it, let go
of the old one. It ends with the process.
"""

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grading.confinement.system import LIBC, MACHINE, checked, syscall

READ_ONLY, NO_SUID, NO_DEV, NO_EXEC, REMOUNT = 1, 2, 4, 8, 32
BIND, RECURSIVE, PRIVATE, DETACH = 4096, 16384, 1 << 18, 2
LOCKED = NO_SUID | NO_DEV | NO_EXEC | 1024 | 2048  # what another's mount has stays so; statvfs and mount share the numbers
PIVOT_ROOT = {"x86_64": 155}.get(MACHINE, 41)
PLACE = "/tmp"  # noqa: S108 - every Linux has it; nothing is written there, it is covered


@dataclass(frozen=True)
class Shown:
    """A path to be seen, and what it really is where it is a link."""

    path: Path
    real: Path
    is_folder: bool
    writable: bool


def see_only(readable: Sequence[Path], writable: Sequence[Path]) -> None:
    """Needs a mount namespace of one's own and the right to mount in it."""
    here = Path.cwd()
    wanted = [*_shown(readable, False), *_shown(writable, True)]
    _mount(None, "/", RECURSIVE | PRIVATE)
    _mount("tmpfs", PLACE, NO_SUID | NO_DEV, "tmpfs", b"size=1m,mode=755")
    for name in ("new", "old"):
        os.mkdir(f"{PLACE}/{name}")
    _turn_to(PLACE, f"{PLACE}/old")
    os.chdir("/")
    _mount("/new", "/new", BIND)
    for each in sorted(wanted, key=lambda each: (len(each.real.parts), each.writable)):
        _show(each)
    os.chdir("/new")
    _turn_to(".", ".")
    checked(LIBC.umount2(b".", DETACH))
    _mount(None, "/", REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEV)
    os.chdir("/")
    with suppress(OSError):
        os.chdir(here)


def _shown(paths: Sequence[Path], writable: bool) -> list[Shown]:
    return [Shown(each, each.resolve(), each.is_dir(), writable) for each in paths if each.exists()]


def _show(what: Shown) -> None:
    there = Path(f"/new{what.real}")
    if what.writable or not there.exists():
        _hang(what, there)
    if what.path != what.real:
        link = Path(f"/new{what.path}")
        link.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(link):
            link.symlink_to(what.real)


def _hang(what: Shown, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True)
    if not there.exists():
        there.mkdir() if what.is_folder else there.touch()
    _mount(f"/old{what.real}", str(there), BIND | RECURSIVE)
    if not what.writable:
        kept = os.statvfs(there).f_flag & LOCKED
        _mount(None, str(there), REMOUNT | BIND | READ_ONLY | NO_SUID | kept)


def _turn_to(new: str, old: str) -> None:
    syscall(PIVOT_ROOT, ctypes.c_char_p(new.encode()), ctypes.c_char_p(old.encode()))


def _mount(source: str | None, target: str, flags: int, kind: str | None = None, options: bytes | None = None) -> None:
    first, second, third = (each.encode() if each else None for each in (source, target, kind))
    checked(LIBC.mount(first, second, third, ctypes.c_ulong(flags), options))
