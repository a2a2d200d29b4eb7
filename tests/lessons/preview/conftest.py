"""A preview of a small course, run as its author runs it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from banyan.serve.ports import free_ports
from banyan.settings import HOUSE
from tests.courseware.sample import Sample, write

READY = "预览已就绪"
LESSON = "/services/lessons/x-1/first"


@dataclass
class Running:
    """`out` is what the terminal shows, `scratch` where the preview keeps what it throws away."""

    sample: Sample
    url: str
    scratch: Path
    out: Path
    process: "subprocess.Popen[bytes]"

    @property
    def said(self) -> str:
        return self.out.read_text(encoding="utf-8")

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def start(sample: Sample, scratch: Path, *also: Path) -> Running:
    """Start a preview as from a terminal, where Ctrl-C is heard; the name of its scratch folder is short, sockets need that.

    `also` is where further packages are found.
    """
    port = free_ports(1)[0]
    out = sample.root / "out.txt"
    command = [sys.executable, "-m", "banyan.cli", "courses", "preview", str(sample.courses / "x-1"), "--port", str(port)]
    environment = os.environ | {"TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(map(str, (*also, HOUSE)))}
    environment["PYTHONUNBUFFERED"] = "1"
    with out.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
    return Running(sample, f"http://127.0.0.1:{port}", scratch, out, process)


@contextmanager
def previewed(root: Path) -> Iterator[Running]:
    with TemporaryDirectory(prefix="b-") as scratch:
        preview = start(write(root), Path(scratch))
        try:
            wait_until(preview, READY)
            yield preview
        finally:
            if preview.process.poll() is None:
                preview.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def long_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with previewed(tmp_path_factory.mktemp("preview")) as preview:
        yield preview


@pytest.fixture
def running(long_running: Running) -> Running:
    """A preview whose course is as it was at first, whatever the test before has done to it."""
    shutil.rmtree(long_running.sample.courses / "x-1")
    write(long_running.sample.root)
    return long_running


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[Running]:
    """A preview of one's own, to be ended."""
    with previewed(tmp_path) as preview:
        yield preview


def wait_until(preview: Running, words: str) -> None:
    """Wait for the terminal to say something; a preview that ends says why in the failure."""
    while words not in preview.said:
        try:
            preview.process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(preview.said)
