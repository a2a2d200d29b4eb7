"""The filter of system calls, step by step as Linux runs it, on machines we do not have too."""

import re
from pathlib import Path

import pytest

from grading.confinement import filters
from grading.confinement.calls import MACHINES, NEVER, TABLE, number


def shown(code: bytes, machine: int, call: int, *arguments: int) -> int:
    """Return what a filter answers to a call, as Linux would run it."""
    data = call.to_bytes(4, "little") + machine.to_bytes(4, "little") + bytes(8)
    data += b"".join((each & (1 << 64) - 1).to_bytes(8, "little") for each in (*arguments, 0, 0, 0, 0, 0, 0)[:6])
    place, held = 0, 0
    while True:
        what, so, not_so = int.from_bytes(code[place : place + 2], "little"), code[place + 2], code[place + 3]
        value = int.from_bytes(code[place + 4 : place + 8], "little")
        place += 8
        if what == filters.LOAD:
            held = int.from_bytes(data[value : value + 4], "little")
        elif what == filters.AND:
            held &= value
        elif what == filters.RETURN:
            return value
        else:
            true = held == value if what == filters.IF_EQUAL else held >= value
            place += 8 * (so if true else not_so)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_answers_alike_on_every_machine(machine: str) -> None:
    audit = MACHINES[machine].audit
    code = filters.program(filters.always(77), machine)
    fork = filters.program(filters.of_a_fork(500), machine)

    def first(name: str, *arguments: int) -> bool:
        return shown(code, audit, number(name, machine) or 0, *arguments) == filters.ALLOW

    def then(name: str, *arguments: int) -> bool:
        return shown(fork, audit, number(name, machine) or 0, *arguments) == filters.ALLOW

    assert [first("socket", 1, kind) for kind in (1, 1 | 0o2000000 | 0o4000, 2, 5)] == [True, True, False, False]
    assert [first("socket", family, 1) for family in (2, 10, 16, 40)] == [False] * 4
    assert [first("kill", pid) for pid in (500, 77, 0, -1, -500)] == [True, False, False, False, False]
    assert [first("clone", flags) for flags in (17, 0x3D0F00, 0x10000000 | 17, 0x40000000)] == [True, True, False, False]
    assert [first("prlimit64", pid) for pid in (0, 500)] == [True, False]
    assert not any(first(name) for name in NEVER if number(name, machine) is not None)
    assert [then("kill", pid) for pid in (500, 77, 501, 0, -1)] == [True, False, False, False, False]
    assert [then("clone", flags) for flags in (17, 0x3D0F00)] == [False, True]
    assert [then("prctl", what) for what in (1, 15)] == [False, True]
    assert shown(code, 0x4000_0003, 1) == filters.NOT_YOURS
    assert shown(code, audit, 0x4000_0000 + 41, 2, 1) == filters.NO_SUCH
    assert shown(code, audit, 435) == filters.NO_SUCH


@pytest.mark.parametrize(
    ("machine", "header"),
    [("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "/usr/include/asm-generic/unistd.h")],
)
def test_calls_have_the_numbers_linux_gives_them(machine: str, header: str) -> None:
    if not Path(header).exists():
        pytest.skip("the headers of Linux are not installed")
    told = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text())
    linux = {name: int(value) for name, value in told}
    ours = {name: number(name, machine) for name in (each.split()[0] for each in TABLE.split("·"))}
    newest = max(linux.values())
    assert {name: value for name, value in ours.items() if value is None or value <= newest} == {
        name: linux.get(name) for name, value in ours.items() if value is None or value <= newest
    }
