"""The whole house as `banyan serve` starts it: what it refuses before it starts, and what it survives."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from banyan.serve.ports import free_ports
from banyan.serve.processes import carries, descendants
from banyan.settings import HOUSE, Home
from tests.conftest import Served, serve

pytestmark = pytest.mark.served


def start(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "banyan.serve", "--home", str(home), *options]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=30)


def assert_one_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_taken_port_is_said_before_anything_starts(home: Home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert_one_sentence(start(home.root, "--port", str(port)), f"端口 {port} 已被别的程序占用")
    assert not list(home.logs.iterdir())


def test_a_broken_home_is_said_before_anything_starts(home: Home):
    (home.keys / "attempt").unlink()
    assert_one_sentence(start(home.root), "缺少密钥")


def test_a_disk_that_is_full_is_said_before_anything_starts(home: Home):
    home.records.write_text("there")
    script = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))\nfrom banyan.serve.__main__ import main\nmain()"
    command = [sys.executable, "-c", script, "--home", str(home.root), "--port", str(free_ports(1)[0])]
    assert_one_sentence(subprocess.run(command, check=False, capture_output=True, text=True, timeout=30), "有没有空间")
    assert not list(home.logs.iterdir())


def test_a_second_serve_on_the_same_home_is_refused(served: Served):
    assert_one_sentence(start(served.home.root, "--port", "1"), "已经有一个榕学在运行")


def process_of(served: Served, service: str) -> int:
    below = descendants(served.process.pid)
    return next(each for each in below if carries(each, f"BANYAN_SERVICE={service}"))


def waits(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.1)


def is_open(served: Served) -> bool:
    """Say whether hub, portal and lessons answer, whatever they answer, rather than the proxy in their place."""
    try:
        pages = [httpx.get(served.url + path, timeout=5) for path in ("/hub/login", "/services/portal/", "/services/lessons/")]
    except httpx.HTTPError:
        return False
    return not any("服务正在启动" in page.text for page in pages)


@pytest.mark.parametrize("service", ["portal", "lessons", "hub", "proxy", "grader"])
def test_a_killed_service_comes_back_and_the_house_is_open_again(served: Served, service: str):
    before = process_of(served, service)
    os.kill(before, signal.SIGKILL)
    for _ in waits(40):
        below = [each for each in descendants(served.process.pid) if carries(each, f"BANYAN_SERVICE={service}")]
        if below and before not in below and is_open(served):
            break
    else:
        raise AssertionError(f"{service} did not come back")


def living(served: Served) -> list[int]:
    every = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [each for each in every if carries(each, f"BANYAN_HOME={served.home.root}")]


@pytest.mark.parametrize("what", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_ten_seconds_after_the_parent_ends(demo_home: Home, tmp_path: Path, what: signal.Signals):
    shutil.copytree(demo_home.root, tmp_path / "home")
    house = serve(Home.open(tmp_path / "home"))
    served = next(house)
    assert len(living(served)) >= 5
    served.process.send_signal(what)
    for _ in waits(10):
        if not living(served):
            break
    assert living(served) == []
    house.close()
