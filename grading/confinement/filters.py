"""The filter of system calls (seccomp): what no lesson needs is refused before the kernel looks at it.

A refused call fails with EPERM, as it would for somebody without the right; one we do not know, with ENOSYS; a
socket that is not ours, with EOPNOTSUPP. Filters add up
and cannot be taken off. What a call points to cannot be seen, only its numbers: therefore no connecting at all, as nobody
could tell whereto.
"""

import ctypes
import errno
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from grading.confinement.calls import MACHINES, NEVER, NEWEST, number
from grading.confinement.system import MACHINE, syscall

LOAD, AND, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
CALL, ARCH, ARGUMENTS = 0, 4, 16  # where they stand in what a filter is shown
ALLOW, REFUSE = 0x7FFF_0000, 0x0005_0000
NOT_YOURS, NO_SUCH, NO_KIND = (REFUSE | each for each in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP))
SET_FILTER, WITHOUT_SLOWDOWN = 1, 4
WHOLE = 0xFFFF_FFFF

UNIX, STREAM, KIND = 1, 1, 0xF
THREAD, NAMESPACES = 0x0001_0000, 0x7E02_0000
ANYBODY = 0x7B16_7B16  # stands for a process id until there is one; no system has so many
DEATH_SIGNAL, PUSH_INPUT, GROUPS, ORDINARY = 1, 0x5412, 0x8000_0000, 0


@dataclass(frozen=True)
class Check:
    """What an argument must be after masking, or must not be; only its lower 32 bits count, as for the calls we check."""

    argument: int
    value: int
    mask: int = WHOLE
    equal: bool = True


@dataclass(frozen=True)
class Rule:
    """A call goes through if all checks hold; a call without checks never does."""

    call: str
    checks: tuple[Check, ...] = ()
    answer: int = NOT_YOURS


def always(parent: int) -> list[Rule]:
    """Return what holds for the process that runs a lesson first and for its forks; `parent` is the service's id."""
    of_unix = (Check(0, UNIX), Check(1, STREAM, KIND))
    itself = (Check(0, 0),)
    return [
        Rule("socket", of_unix, NO_KIND),  # with EPERM zmq would end the process instead of telling
        Rule("socketpair", of_unix),
        Rule("connect"),
        Rule("clone", (Check(0, 0, NAMESPACES),)),
        Rule("clone3", answer=NO_SUCH),  # the C library then uses clone, whose flags can be seen
        Rule("kill", (Check(0, 0, GROUPS), Check(0, 0, equal=False), Check(0, parent, equal=False))),
        Rule("tgkill", (Check(0, parent, equal=False),)),
        Rule("ioctl", (Check(1, PUSH_INPUT, equal=False),)),
        *(Rule(each, itself) for each in ("prlimit64", "sched_setaffinity", "sched_setparam", "sched_setattr")),
        Rule("sched_setscheduler", (Check(1, ORDINARY),)),  # zmq asks it for its threads, by their ids, and gives up otherwise
        Rule("setpriority", (Check(0, 0), Check(1, 0))),
        *(Rule(each) for each in NEVER),
    ]


def of_a_fork(pid: int) -> list[Rule]:
    """Return what holds for a learner's kernel besides: no further process, no signal to another, no outliving the service."""
    return [
        Rule("fork"),
        Rule("clone", (Check(0, THREAD, THREAD),)),
        Rule("kill", (Check(0, pid),)),
        Rule("tgkill", (Check(0, pid),)),
        Rule("setpriority"),
        Rule("prctl", (Check(0, DEATH_SIGNAL, equal=False),)),
    ]


def refuse_a_fork(pid: int) -> bool:
    """`refuse` what `of_a_fork` says, with next to no work left for the fork to do."""
    return fits() and _hold(_fork_of_anybody().replace(ANYBODY.to_bytes(4, sys.byteorder), pid.to_bytes(4, sys.byteorder)))


@cache
def _fork_of_anybody() -> bytes:
    return program(of_a_fork(ANYBODY), MACHINE)


def refuse(rules: Iterable[Rule]) -> bool:
    """Let these rules hold from now on for this thread and its forks; say whether they do. Needs PR_SET_NO_NEW_PRIVS."""
    if fits():
        _fork_of_anybody()
    return fits() and _hold(program(rules, MACHINE))


def fits() -> bool:
    """Say whether we know this kind of machine."""
    return MACHINE in MACHINES and sys.maxsize > 1 << 32


def _hold(code: bytes) -> bool:
    kept = ctypes.create_string_buffer(code, len(code))
    asked = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(kept))
    for flags in (WITHOUT_SLOWDOWN, 0):
        try:
            syscall(number("seccomp") or 0, SET_FILTER, flags, asked)
        except OSError:
            continue  # before Linux 4.17 there are no such flags
        return True
    return False


def program(rules: Iterable[Rule], machine: str) -> bytes:
    """Return the filter as Linux takes it, for one kind of machine."""
    return b"".join(_program(rules, machine))


def _program(rules: Iterable[Rule], machine: str) -> Iterator[bytes]:
    yield _step(LOAD, ARCH)
    yield _step(IF_EQUAL, MACHINES[machine].audit, 1, 0)
    yield _step(RETURN, NOT_YOURS)  # 32-bit calls have other numbers
    yield _step(LOAD, CALL)
    yield _step(IF_AT_LEAST, NEWEST + 1, 0, 1)
    yield _step(RETURN, NO_SUCH)
    for rule in rules:
        if (call := number(rule.call, machine)) is not None:
            steps = list(_steps(rule))
            yield _step(IF_EQUAL, call, 0, len(steps))
            yield from steps
    yield _step(RETURN, ALLOW)


def _steps(rule: Rule) -> Iterator[bytes]:
    """Yield what is done with a call that is the rule's."""
    for after, check in zip(range(len(rule.checks) - 1, -1, -1), rule.checks, strict=True):
        to_refusal = after * 3 + 1
        yield _step(LOAD, ARGUMENTS + 8 * check.argument)
        yield _step(AND, check.mask)
        yield _step(IF_EQUAL, check.value, *((0, to_refusal) if check.equal else (to_refusal, 0)))
    if rule.checks:
        yield _step(RETURN, ALLOW)
    yield _step(RETURN, rule.answer)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
