"""Lent kernels: they know nobody, hear only widgets, belong to one reader, and do not outlive their use or their service."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from banyan.errors import TryLaterError
from banyan.lessons.kernels import HEARD, Lease, LessonKernels, LessonKernelSpecs
from tests.lessons.conftest import CHEN, LESSONS, LIN, LittleHouse, Reader

ALLOWED = {"HOME", "IPYTHONDIR", "PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "LANG", "LC_ALL", "LC_CTYPE"}
ALLOWED |= {"TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "JPY_PARENT_PID"}
OWN = {"TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL"}
"""What IPython sets for itself."""


@pytest.fixture
def kernel(lin: Reader) -> str:
    """The kernel of a page that 林秀英 has just opened."""
    return kernel_of(lin.lesson().text)


def kernel_of(page: str) -> str:
    config = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page)
    assert config
    return str(json.loads(config[1])["kernelId"])


def test_a_kernel_knows_nobody(opened: str, little: LittleHouse) -> None:
    world = unescape(re.search(r"world: (.*?)</pre>", opened, re.DOTALL)[1])  # type: ignore[index]
    names = set(re.findall(r"\('(\w+)', '", world))
    assert names - ALLOWED - OWN == set()
    secrets = [key.read_text().strip() for key in little.home.keys.iterdir()]
    assert not [each for each in (LIN, "林秀英", "BANYAN", "JUPYTERHUB", *secrets) if each in world]
    assert world.strip().endswith("/releases/x-1/1/lessons")


def test_someone_elses_kernel_does_not_exist(chen: Reader, lin: Reader, kernel: str) -> None:
    path = f"{LESSONS}api/kernels/{kernel}"
    assert chen.get(path, headers=chen.xsrf()).status_code == 404
    assert chen.delete(path, headers=chen.xsrf()).status_code == 404
    assert lin.get(path, headers=lin.xsrf()).status_code == 200


def test_a_kernel_is_not_for_strangers(stranger: Reader, kernel: str) -> None:
    assert stranger.get(f"{LESSONS}api/kernels/{kernel}", follow_redirects=False).status_code in (302, 403)


def test_no_one_starts_or_restarts_a_kernel_by_hand(lin: Reader, kernel: str) -> None:
    assert lin.post(f"{LESSONS}api/kernels", json={}, headers=lin.xsrf()).status_code in (404, 405)
    assert lin.post(f"{LESSONS}api/kernels/{kernel}/restart", headers=lin.xsrf()).status_code in (404, 405)


async def connect(reader: Reader, house: LittleHouse, kernel: str, origin: str | None = None) -> WebSocketClientConnection:
    address = f"{house.url}{LESSONS}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    request = reader.build_request("GET", address)
    headers = {"Cookie": request.headers.get("cookie", ""), "Origin": house.url if origin is None else origin}
    headers = {name: value for name, value in headers.items() if value}
    return await websocket_connect(HTTPRequest(address.replace("http", "ws", 1), headers=headers))


def message(kind: str, content: dict[str, Any], channel: str = "shell") -> str:
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": "s",
        "username": "",
        "version": "5.3",
        "date": "2026-11-23T00:00:00Z",
    }
    return json.dumps(
        {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
    )


def test_a_kernel_hears_widgets_and_nothing_else(lin: Reader, little: LittleHouse, kernel: str) -> None:
    async def talk() -> list[str]:
        socket = await connect(lin, little, kernel)
        for channel in ("shell", "control"):
            await socket.write_message(message("execute_request", {"code": "1/0", "silent": False}, channel))
            await socket.write_message(message("shutdown_request", {"restart": False}, channel))
        await socket.write_message(message("inspect_request", {"code": "os", "cursor_pos": 2}))
        await socket.write_message(message("kernel_info_request", {}))
        heard: list[str] = []
        while "kernel_info_reply" not in heard:
            said = await asyncio.wait_for(socket.read_message(), 10)
            assert said is not None
            heard.append(json.loads(said)["msg_type"])
        socket.close()
        return heard

    assert set(asyncio.run(talk())) <= {"status", "kernel_info_reply"}


@pytest.mark.parametrize("origin", ["http://evil.example", ""], ids=["another site", "no site"])
def test_a_page_of_another_origin_does_not_get_in(lin: Reader, little: LittleHouse, kernel: str, origin: str) -> None:
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(connect(lin, little, kernel, origin))
    assert refused.value.code == 403


def test_another_readers_socket_is_refused(chen: Reader, little: LittleHouse, kernel: str) -> None:
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(connect(chen, little, kernel))
    assert refused.value.code == 404


def test_a_closed_page_gives_its_kernel_back(chen: Reader) -> None:
    path = f"{LESSONS}api/kernels/{kernel_of(chen.lesson().text)}"
    assert chen.delete(path, headers=chen.xsrf()).status_code == 204
    assert chen.get(path, headers=chen.xsrf()).status_code == 404


def test_voilas_own_word_that_a_page_closes_is_heard_from_its_reader_alone(lin: Reader, chen: Reader) -> None:
    kernel = kernel_of(chen.lesson().text)
    path, said = f"{LESSONS}api/kernels/{kernel}", f"{LESSONS}voila/api/shutdown/{kernel}"
    assert lin.post(said, headers=lin.xsrf()).status_code == 204
    assert chen.get(path, headers=chen.xsrf()).status_code == 200
    for _ in range(2):
        assert chen.post(said, headers=chen.xsrf()).status_code == 204
        assert chen.get(path, headers=chen.xsrf()).status_code == 404


# ---- the lender itself, with real kernels


@asynccontextmanager
async def lender(folder: Path, **limits: int) -> AsyncIterator[LessonKernels]:
    (folder / "home").mkdir()
    kernels = LessonKernels(
        root_dir=str(folder),
        kernel_spec_manager=LessonKernelSpecs(),
        empty_home=str(folder / "home"),
        connection_dir=str(folder),
        allowed_message_types=HEARD,
        **limits,
    )
    try:
        yield kernels
    finally:
        await kernels.shutdown_all(now=True)


def run(scene: Callable[[], Any]) -> None:
    asyncio.run(scene())


def test_what_nobody_uses_is_taken_back(tmp_path: Path) -> None:
    async def scene() -> None:
        async with lender(tmp_path, unseen_for=0, left_for=3600, quiet_for=3600) as kernels:
            _, left, used = [await kernels.lend(Lease(person, "c", "l"), "") for person in "abc"]
            kernels.notify_connect(left)
            kernels.notify_disconnect(left)
            kernels.notify_connect(used)
            await kernels.cull_kernels()
            assert set(kernels.list_kernel_ids()) == {left, used}
            kernels.left_for = 0
            await kernels.cull_kernels()
            assert kernels.list_kernel_ids() == [used]
            kernels.quiet_for = 0
            await kernels.cull_kernels()
            assert kernels.list_kernel_ids() == []
            assert kernels.leases == {}

    run(scene)


def test_a_cap_holds_for_all_and_one_more_page_ends_a_readers_oldest(tmp_path: Path) -> None:
    async def scene() -> None:
        async with lender(tmp_path, most=2, most_each=1) as kernels:
            first = await kernels.lend(Lease(LIN, "c", "l"), "")
            second = await kernels.lend(Lease(LIN, "c", "l"), "")
            assert kernels.list_kernel_ids() == [second]
            assert kernels.lease_of(first, LIN) is None
            await kernels.lend(Lease(CHEN, "c", "l"), "")
            with pytest.raises(TryLaterError):
                await kernels.lend(Lease("YX0009", "c", "l"), "")

    run(scene)


LENDER = """
import asyncio, sys
from banyan.lessons.kernels import Lease, LessonKernels, LessonKernelSpecs

async def scene():
    here = {name: sys.argv[1] for name in ("root_dir", "empty_home", "connection_dir")}
    kernels = LessonKernels(kernel_spec_manager=LessonKernelSpecs(), **here)
    kernel = await kernels.lend(Lease("a", "c", "l"), "")
    print(kernels.get_kernel(kernel).provisioner.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(scene())
"""


def test_no_kernel_outlives_a_killed_service(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LENDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        kernel = int(service.stdout.readline())
        assert lives(kernel)
        service.send_signal(signal.SIGKILL)
        service.wait()
    until = time.monotonic() + 5
    while lives(kernel) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(kernel)


def lives(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
