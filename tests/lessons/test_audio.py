"""Recordings go out in pieces, to whoever is signed in, and only those that a release lists."""

from collections.abc import Iterator

import httpx
import pytest

from banyan.records.engine import open_engine, sessions
from tests.courseware.sounds import mp3
from tests.lessons.conftest import LEFT, LIN, NEW, leave
from tests.lessons.reading import House, reading_house

AUDIO = "/services/lessons/audio/x-1/1/first/one-night"
WHOLE = mp3(65)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with reading_house(tmp_path_factory.mktemp("a")) as it:
        yield it


def get(house: House, path: str = AUDIO, who: str | None = LIN, **headers: str) -> httpx.Response:
    return httpx.get(house.url + path, cookies={"who": who} if who else {}, headers=headers)


def test_a_recording_is_whole_and_kept_by_the_phone(house: House) -> None:
    reply = get(house)
    assert (reply.status_code, reply.headers["content-type"], reply.content) == (200, "audio/mpeg", WHOLE)
    assert reply.headers["cache-control"] == "private, max-age=2592000, immutable"
    assert reply.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in reply.headers


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        pytest.param("bytes=0-99", WHOLE[:100], "bytes 0-99", id="the beginning"),
        pytest.param("bytes=500-", WHOLE[500:], f"bytes 500-{len(WHOLE) - 1}", id="from a place on"),
        pytest.param("bytes=-10", WHOLE[-10:], f"bytes {len(WHOLE) - 10}-{len(WHOLE) - 1}", id="the end"),
    ],
)
def test_a_player_gets_the_piece_it_asks_for(house: House, asked: str, part: bytes, told: str) -> None:
    reply = get(house, Range=asked)
    assert (reply.status_code, reply.content) == (206, part)
    assert reply.headers["content-range"] == f"{told}/{len(WHOLE)}"


def test_a_piece_beyond_the_end_is_refused(house: House) -> None:
    assert get(house, Range=f"bytes={len(WHOLE)}-").status_code == 416


@pytest.mark.parametrize("who", [None, LEFT, NEW], ids=["a stranger", "who has left", "who must change the password"])
def test_who_may_not_read_may_not_listen(house: House, who: str | None) -> None:
    if who == LEFT:
        engine = open_engine(house.home.records_url)
        leave(sessions(engine), LEFT)
        engine.dispose()
    reply = get(house, who=who)
    assert reply.status_code == 403
    assert WHOLE[:50] not in reply.content


@pytest.mark.parametrize(
    "path",
    [
        "/services/lessons/audio/x-1/1/first/sums",
        "/services/lessons/audio/x-1/2/first/one-night",
        "/services/lessons/audio/x-2/1/first/one-night",
        "/services/lessons/audio/x-1/1/first/one-night.mp3",
        "/services/lessons/audio/x-1/1/first/..%2f..%2fprivate%2fexam.json",
        "/services/lessons/audio/x-1/1/../../private/exam.json",
    ],
)
def test_nothing_else_has_an_address_there(house: House, path: str) -> None:
    reply = get(house, path)
    assert reply.status_code == 404
    assert b"key" not in reply.content
