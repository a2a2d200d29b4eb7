"""A lesson starts no program, and nobody else's process is in its reach."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grading.confinement.calls import number
from tests.grading.confinement.cell import REFUSED, WHOLE, needs_filter, needs_tree, run


@needs_tree
@pytest.mark.parametrize("name", ["environ", "mem", "maps", "cmdline", "fd", "root/etc/hostname"])
def test_nobody_is_watched_through_proc(name: str) -> None:
    look = "return len(os.listdir(given)) if os.path.isdir(given) else os.close(os.open(given, os.O_RDONLY))"
    path = f"/proc/{os.getpid()}/{name}"
    assert run("zygote", look, path) in REFUSED
    assert run("open", look, path) not in REFUSED


@needs_tree
def test_proc_lists_nobody() -> None:
    look = "return [each for each in os.listdir('/proc') if each.isdigit()]"
    assert str(os.getpid()) in run("open", look)
    assert run("zygote", look) in REFUSED


PTRACE = """
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.ptrace(16, given, 0, 0)
    if done == 0: libc.ptrace(17, given, 0, 0)
    return "held" if done == 0 else ctypes.get_errno()
"""


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as found:
        yield found
        found.kill()


@needs_filter
def test_nobody_is_held_and_looked_into(sleeper: subprocess.Popen[bytes]) -> None:
    assert run("open", PTRACE, sleeper.pid) in {"held", 1}  # a system may forbid it to everybody
    assert run("filter", PTRACE, sleeper.pid) == 1


@needs_filter
@pytest.mark.parametrize("walls", ["zygote", "kernel"])
def test_the_service_is_not_killed(walls: str) -> None:
    assert run("open", "os.kill(parent, 0)\nreturn 'reached'") == "reached"
    for whom in ("parent", "0", "-1", "-os.getpgid(0)"):
        assert run(walls, f"os.kill({whom}, 0)\nreturn 'reached'") == "PermissionError"


@needs_filter
def test_a_kernel_signals_nobody_but_itself(sleeper: subprocess.Popen[bytes]) -> None:
    assert run("kernel", "os.kill(given, 9)", sleeper.pid) == "PermissionError"
    assert (
        run("kernel", "import resource\nresource.prlimit(given, resource.RLIMIT_CPU, (1, 1))", sleeper.pid) == "PermissionError"
    )
    assert run("kernel", "os.pidfd_open(given)", sleeper.pid) == "PermissionError"
    assert run("kernel", "os.kill(os.getpid(), 0)\nreturn 'itself'") == "itself"
    assert sleeper.poll() is None


@pytest.mark.skipif(WHOLE.landlock < 6, reason="Landlock below 6 knows no signals")
def test_while_a_lesson_is_run_first_it_signals_nobody_outside(sleeper: subprocess.Popen[bytes]) -> None:
    assert run("zygote", "os.kill(given, 9)", sleeper.pid) == "PermissionError"
    assert run("zygote", "child = os.fork()\nif not child: time.sleep(9)\nos.kill(child, 9)\nreturn os.waitpid(child, 0)[1]") == 9


@needs_filter
@pytest.mark.parametrize("walls", ["zygote", "kernel"])
def test_no_program_is_started(walls: str) -> None:
    with_root = shutil.which("su") or shutil.which("passwd") or "/bin/true"
    for program in ("/bin/true", with_root, sys.executable):
        assert run("open", "os.close(os.open(given, os.O_RDONLY))\nreturn 'there'", program) == "there"
        assert run(walls, "os.execv(given, [given])", program) in REFUSED
        assert run(walls, "import subprocess\nsubprocess.run([given])", program) in REFUSED


def test_no_power_is_left_and_none_can_be_gained() -> None:
    look = "return [each.split() for each in Path('/proc/self/status').read_text().splitlines() if each[:3] in ('Cap', 'NoN')]"
    before, after = dict(run("open", look)), dict(run("give_up()", look))
    assert before["NoNewPrivs:"] == "0" or os.getuid()
    assert after["NoNewPrivs:"] == "1"
    assert {int(after[f"Cap{each}:"], 16) for each in ("Inh", "Prm", "Eff", "Amb")} == {0}


@needs_filter
@pytest.mark.parametrize(
    "deed",
    [
        pytest.param("os.fork()", id="fork"),
        pytest.param("import pty\npty.fork()", id="pty"),
        pytest.param("import multiprocessing as m\nm.get_context('fork').Process(target=print).start()", id="multiprocessing"),
        pytest.param("import subprocess\nsubprocess.Popen(['/bin/sleep', '600'])", id="program left behind"),
        pytest.param("os.posix_spawn('/bin/true', ['true'], {})", id="spawn"),
        pytest.param("while True: os.fork()", id="bomb"),
    ],
)
def test_a_kernel_has_no_children(deed: str) -> None:
    assert run("kernel", deed) in {*REFUSED, "OSError"}


@needs_filter
def test_a_kernel_has_threads() -> None:
    deed = """
        import threading
        done = []
        thread = threading.Thread(target=lambda: done.append(1))
        thread.start()
        thread.join()
        return done
    """
    assert run("kernel", deed) == [1]


@needs_filter
def test_a_kernel_cannot_undo_that_it_ends_with_the_service() -> None:
    bind = "from grading.confinement.system import prctl\nprctl(1, 9); "
    assert run(bind + "confine([], [folder]); limit(mapped())", "prctl(1, 0)") == "PermissionError"


def test_confining_keeps_the_bond_to_the_service() -> None:
    deed = "import ctypes\nheld = ctypes.c_int()\nprctl(2, ctypes.byref(held))\nreturn held.value"
    bind = "from grading.confinement.system import prctl\nprctl(1, 9); confine([], [folder]); limit(mapped())"
    assert run(bind, deed) == 9


REACHES = [
    "bpf",
    "userfaultfd",
    "keyctl",
    "io_uring_setup",
    "perf_event_open",
    "mount",
    "unshare",
    "setns",
    "kexec_load",
    "process_vm_readv",
]


@needs_filter
@pytest.mark.parametrize("call", REACHES)
def test_the_system_itself_is_left_alone(call: str) -> None:
    deed = f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall({number(call)}, 0, 0, 0, 0, 0, 0)
        return ctypes.get_errno()
    """
    assert run("filter", deed) == 1
