"""What a lesson needs goes on working inside, and what each system allows is said."""

import os
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
import zmq
from IPython.core.profiledir import ProfileDir
from jupyter_client import BlockingKernelClient
from nbformat import v4

from grading.confinement import Protection
from tests.grading.confinement.cell import WHOLE, run, short_folder

ANSWER = """
    import zmq
    with zmq.Context() as context, context.socket(zmq.REP) as line:
        line.bind(f"ipc://{folder}/k-1")
        line.send(line.recv().upper())
    return "answered"
"""


def test_a_kernels_own_sockets_work() -> None:
    with short_folder() as folder, zmq.Context() as context, context.socket(zmq.REQ) as line:
        line.connect(f"ipc://{folder}/k-1")
        line.send(b"hello")
        assert run("kernel", ANSWER, folder=folder) == "answered"
        assert line.recv() == b"HELLO"


def test_a_kernel_with_a_folder_of_its_own_cannot_take_away_a_neighbours_socket() -> None:
    deed = "os.unlink(folder / given)\nreturn 'gone'"
    walls = "confine([], [folder]); limit(mapped(), own=folder / 'mine')"
    with short_folder() as folder:
        for name in ("mine", "theirs"):
            (folder / name).mkdir()
            (folder / name / "s").touch()
        assert run(walls, deed, "mine/s", folder) == "gone"
        if WHOLE.landlock:
            assert run(walls, deed, "theirs/s", folder) == "PermissionError"


LIVES = """
    async def given_back():
        return 7
    import asyncio, _ctypes, decimal, hashlib, random, sqlite3, ssl, uuid
    import IPython, ipykernel.ipkernel, ipykernel.kernelapp, ipywidgets, zmq
    try:
        import numpy
    except ImportError:
        pass
    random.seed(); os.urandom(8); uuid.uuid4(); decimal.Decimal(1) / 3
    return [time.localtime().tm_zone != "", len(open(os.devnull).read()), asyncio.run(given_back())]
"""


@pytest.mark.parametrize("walls", ["zygote", "kernel"])
def test_a_kernel_and_compiled_libraries_load_inside(walls: str) -> None:
    assert run(walls, LIVES) == [True, 0, 7]


KERNEL = """
    connection, notebook = given
    os.environ["IPYTHONDIR"] = os.environ["HOME"] = str(folder / "home")
    from banyan.lessons.lesson_kernel import LessonKernel
    app = LessonKernel.instance()
    app.rehearse(Path(notebook))
    above = mapped()
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    limit(above)
    app.open(connection)
    app.start()
    os._exit(0)
"""


def test_a_lesson_is_run_forked_asked_and_ended_inside(tmp_path: Path) -> None:
    client = BlockingKernelClient()
    names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    ports = {name: place for place, name in enumerate(names, 1)}
    notebook = tmp_path / "lesson.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("rain = 3")]), notebook)
    with short_folder() as folder:
        (folder / "home").mkdir()
        ProfileDir.create_profile_dir_by_name(str(folder / "home"), "default")
        connection = dict(transport="ipc", ip=str(folder / "k"), key="", signature_scheme="hmac-sha256", **ports)
        client.load_connection_info(connection)
        told: list[Any] = []
        walls = f"confine([Path({str(tmp_path)!r})], [folder])"
        thread = threading.Thread(target=lambda: told.append(run(walls, KERNEL, [connection, str(notebook)], folder)))
        thread.start()
        try:
            while thread.is_alive() and not (folder / "k-5").exists():
                thread.join(0.05)
            client.start_channels()
            client.wait_for_ready(timeout=40)
            forked = client.execute_interactive("import os; os.fork()", output_hook=lambda _: None, timeout=20)
            asked = client.execute_interactive("assert rain == 3", timeout=20)
        finally:
            client.shutdown()
            thread.join(40)
            client.stop_channels()
    assert told == [0]
    assert forked["content"]["ename"] == "PermissionError"
    assert asked["content"]["status"] == "ok"


def test_nothing_fails_where_every_wall_is_forbidden() -> None:
    forbid = "give_up(); filters.refuse([filters.Rule('unshare'), filters.Rule('prctl')]); landlock.version = lambda: 0"
    found = run(forbid, "p = confine([], [folder])\nlimit(mapped())\nreturn [p.network, p.tree, p.landlock, p.said]")
    assert found[:3] == [False, False, 0]
    assert "还挡不住：看档案、写文件" in found[3]
    assert "Landlock" in found[3]


def test_an_ordinary_user_with_no_new_privileges_is_confined_as_root_is() -> None:
    python = "/usr/bin/python3"
    if os.getuid() or not Path(python).exists():
        pytest.skip("needs root, to become somebody else, and a Python that everybody may run")
    become = "from grading.confinement.system import prctl; os.chmod(folder, 0o777); os.setgroups([]); "
    become += "os.setgid(65534); os.setuid(65534); give_up(); prctl(4, 1); "  # as a program that was started as that user
    deed = "return [p.network, p.tree, p.landlock > 0, p.filtered, os.getuid()]"
    found = run(become + "p = confine([], [folder]); limit(mapped())", deed, python=python)
    assert found == [WHOLE.network, WHOLE.tree, WHOLE.landlock > 0, WHOLE.filtered, 65534]


def test_what_holds_is_said_in_a_sentence() -> None:
    walls = "独立的网络、独立的文件树、Landlock 7、系统调用过滤"
    cannot = "没有网络、看不到档案、写不了文件、开不了别的程序、碰不到别的进程"
    assert Protection(True, True, 7, True).said == f"互动部分：{cannot}（靠{walls}）。"
    bare = Protection(False, False, 0, False)
    assert bare.said.startswith("互动部分：没有任何隔离。还挡不住：用网络、看档案、写文件、开别的程序、碰别的进程。")
    assert len(bare.missing) == 3
    assert not Protection(True, True, 0, True).open


def test_confining_is_quick_and_adds_next_to_nothing_to_a_fork() -> None:
    timed = "from time import perf_counter as now\nstart = now()\nconfine([], [folder])\nreturn now() - start"
    assert min(run("", timed) for _ in range(3)) < 0.25
    fork = """
        above, best = mapped(), 1.0
        for _ in range(5):
            heard, tell = os.pipe()
            if not os.fork():
                start = time.perf_counter(); limit(above); os.write(tell, str(time.perf_counter() - start).encode()); os._exit(0)
            best = min(best, float(os.read(heard, 40)))
        return best
    """
    assert run("zygote", fork) < 0.02
