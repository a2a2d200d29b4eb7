"""Lent kernels: they know nobody, hear only widgets, belong to one reader's page, and end with their use."""

import asyncio
import json
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from banyan.lessons.prepared import house_version
from tests.lessons.conftest import LESSONS, LIN, LittleHouse, Reader

ALLOWED = {"HOME", "IPYTHONDIR", "PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "LANG", "LC_ALL", "LC_CTYPE"}
ALLOWED |= {"TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV"}
OWN = {"TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL"}
"""What IPython sets for itself."""

Lent = dict[str, str]


def touch(reader: Reader, lesson: str = "trial", **other: object) -> Any:
    """Do what a page does when a simulation is first touched."""
    body = {"lesson": lesson, "snapshot": f"1-{house_version()}"} | other
    return reader.tell("kernels", **body)


def lent(reader: Reader) -> Lent:
    answer = touch(reader)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def mine(lin: Reader) -> Lent:
    """A kernel lent to 林秀英."""
    return lent(lin)


def test_a_page_is_read_and_practised_without_a_kernel(lin: Reader, little: LittleHouse) -> None:
    before = figures(little)["banyan_lessons_lent_total"]
    page = lin.lesson().text
    assert 'data-model="' in page
    assert 'id="widget-state"' in page
    lin.tell("practice", question="try-it", value="B")
    assert figures(little)["banyan_lessons_lent_total"] == before
    touch(lin)
    assert figures(little)["banyan_lessons_lent_total"] == before + 1


def figures(house: LittleHouse) -> dict[str, float]:
    token = (house.home.run / "metrics.token").read_text()
    with Reader(base_url=house.url, headers={"Authorization": f"Bearer {token}"}) as prometheus:
        lines = prometheus.get(f"{LESSONS}metrics").raise_for_status().text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer guess"], ids=["none", "empty", "guessed"])
def test_figures_are_for_who_holds_the_homes_token(stranger: Reader, token: str) -> None:
    assert stranger.get(f"{LESSONS}metrics", headers={"Authorization": token}).status_code == 403


def test_a_kernel_knows_nobody(opened: str, little: LittleHouse) -> None:
    world = unescape(re.search(r"world: (.*?)</pre>", opened, re.DOTALL)[1])  # type: ignore[index]
    names = set(re.findall(r"\('(\w+)', '", world))
    assert names - ALLOWED - OWN == set()
    secrets = [key.read_text().strip() for key in little.home.keys.iterdir()]
    assert not [each for each in (LIN, "林秀英", "BANYAN", "JUPYTERHUB", *secrets) if each in world]
    assert world.strip().endswith("/releases/x-1/1/lessons")


def test_someone_elses_kernel_does_not_exist(chen: Reader, lin: Reader, mine: Lent) -> None:
    path = f"{LESSONS}api/kernels/{mine['kernel']}"
    assert chen.get(path, headers=chen.xsrf()).status_code == 404
    assert chen.delete(path, headers=chen.xsrf()).status_code == 404
    assert lin.get(path, headers=lin.xsrf()).status_code == 200


def test_a_kernel_is_not_for_strangers(stranger: Reader, mine: Lent) -> None:
    assert stranger.get(f"{LESSONS}api/kernels/{mine['kernel']}", follow_redirects=False).status_code == 401
    assert stranger.post(f"{LESSONS}api/kernels", json={}, follow_redirects=False).status_code in (401, 403)


def test_nobody_restarts_or_lists_kernels(lin: Reader, mine: Lent) -> None:
    assert lin.post(f"{LESSONS}api/kernels/{mine['kernel']}/restart", headers=lin.xsrf()).status_code in (404, 405)
    assert lin.get(f"{LESSONS}api/kernels", headers=lin.xsrf()).status_code == 405


@pytest.mark.parametrize(
    ("snapshot", "status"),
    [
        pytest.param(f"9-{house_version()}", 409, id="of a release that is gone"),
        pytest.param("1-0123456789ab", 409, id="of an older program"),
        pytest.param("../../x", 409, id="none of ours"),
        pytest.param(1, 400, id="no text"),
    ],
)
def test_a_page_of_another_version_is_told_to_come_again(lin: Reader, snapshot: object, status: int) -> None:
    answer = touch(lin, snapshot=snapshot)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_no_lesson_no_kernel(lin: Reader) -> None:
    assert touch(lin, lesson="none").status_code == 409
    assert touch(lin, course="..").status_code == 409


async def connect(reader: Reader, house: LittleHouse, mine: Lent, origin: str | None = None) -> WebSocketClientConnection:
    told = f"session_id={uuid.uuid4().hex}&capability={mine['capability']}"
    address = f"{house.url}{LESSONS}api/kernels/{mine['kernel']}/channels?{told}"
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


def test_a_kernel_hears_widgets_and_nothing_else(lin: Reader, little: LittleHouse, mine: Lent) -> None:
    async def talk() -> list[str]:
        socket = await connect(lin, little, mine)
        for channel in ("shell", "control"):
            await socket.write_message(message("execute_request", {"code": "1/0", "silent": False}, channel))
            await socket.write_message(message("shutdown_request", {"restart": False}, channel))
        await socket.write_message(message("inspect_request", {"code": "os", "cursor_pos": 2}))
        for nonsense in ("", "{}", "[]", "null", '{"header": 1}', "[" * 5000, b"", b"\x00", b"\xff" * 40):
            await socket.write_message(nonsense, binary=isinstance(nonsense, bytes))
        await socket.write_message(message("kernel_info_request", {}))
        heard: list[str] = []
        while "kernel_info_reply" not in heard:
            said = await asyncio.wait_for(socket.read_message(), 10)
            assert said is not None
            heard.append(json.loads(said)["header"]["msg_type"])
        socket.close()
        return heard

    assert set(asyncio.run(talk())) <= {"status", "kernel_info_reply", "iopub_welcome"}


def test_a_frame_too_large_ends_its_own_line_and_no_other(lin: Reader, chen: Reader, little: LittleHouse, mine: Lent) -> None:
    theirs = lent(chen)

    async def talk() -> None:
        loud, calm = await connect(lin, little, mine), await connect(chen, little, theirs)
        with suppress(WebSocketClosedError):
            await loud.write_message("x" * 50_000_000)
        while await asyncio.wait_for(loud.read_message(), 30) is not None:
            pass  # what a kernel says of itself
        await calm.write_message(message("kernel_info_request", {}))
        assert await asyncio.wait_for(calm.read_message(), 10)
        calm.close()

    asyncio.run(talk())


def test_a_page_that_never_stops_talking_is_cut_off(lin: Reader, little: LittleHouse, mine: Lent) -> None:
    async def talk() -> int | None:
        socket = await connect(lin, little, mine)
        with suppress(WebSocketClosedError):  # it may be cut off before all is said
            for _ in range(600):
                await socket.write_message(message("comm_info_request", {}))
        while await asyncio.wait_for(socket.read_message(), 20) is not None:
            pass
        return socket.close_code

    assert asyncio.run(talk()) == 1008


@pytest.mark.parametrize("origin", ["http://evil.example", ""], ids=["another site", "no site"])
def test_a_page_of_another_origin_does_not_get_in(lin: Reader, little: LittleHouse, mine: Lent, origin: str) -> None:
    assert refusal(lin, little, mine, origin) == 403


def test_another_readers_socket_is_refused(chen: Reader, little: LittleHouse, mine: Lent) -> None:
    assert refusal(chen, little, mine) == 404


def test_a_line_needs_the_capability_of_its_own_page(lin: Reader, little: LittleHouse, mine: Lent) -> None:
    other = lent(lin)
    ends, _, code = mine["capability"].partition(".")
    for said in ("", "0." + code, f"{int(ends) + 60}.{code}", f"{ends}.{'0' * 64}", other["capability"], "%00", "9" * 30):
        assert refusal(lin, little, mine | {"capability": said}) == 403, said


def refusal(reader: Reader, house: LittleHouse, mine: Lent, origin: str | None = None) -> int:
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(connect(reader, house, mine, origin))
    return int(refused.value.code)


def test_who_joins_again_is_given_another_capability(lin: Reader, little: LittleHouse, mine: Lent) -> None:
    again = lin.get(f"{LESSONS}api/kernels/{mine['kernel']}", headers=lin.xsrf()).json()
    assert again["kernel"] == mine["kernel"]

    async def talk() -> bool:
        socket = await connect(lin, little, again)
        await socket.write_message(message("kernel_info_request", {}))
        said = await asyncio.wait_for(socket.read_message(), 10)
        socket.close()
        return bool(said)

    assert asyncio.run(talk())


def test_a_closed_page_gives_its_kernel_back(chen: Reader) -> None:
    path = f"{LESSONS}api/kernels/{lent(chen)['kernel']}"
    assert chen.delete(path, headers=chen.xsrf()).status_code == 204
    assert chen.get(path, headers=chen.xsrf()).status_code == 404


def test_one_more_page_ends_a_readers_oldest_kernel(new_reader: Callable[[], Reader]) -> None:
    reader = new_reader()
    reader.sign_in("YX0006")
    kernels = [lent(reader)["kernel"] for _ in range(5)]
    answers = [reader.get(f"{LESSONS}api/kernels/{each}", headers=reader.xsrf()).status_code for each in kernels]
    assert answers == [404, 200, 200, 200, 200]
