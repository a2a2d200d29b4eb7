"""Photos on disk: whole or not at all, one file for one content, and swept only when nothing speaks of them."""

import os
import time
from pathlib import Path

import pytest

from banyan.errors import NotFoundError
from banyan.records import answer_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "answer-files"


def age(folder: Path, digest: str, days: float) -> None:
    long_ago = time.time() - days * answer_store.DAY
    os.utime(folder / digest[:2] / digest, (long_ago, long_ago))


def test_a_content_is_kept_once_for_us_alone_and_comes_back(folder: Path) -> None:
    first, again = answer_store.put(folder, b"photo"), answer_store.put(folder, b"photo")
    assert first == again
    assert answer_store.get(folder, first) == b"photo"
    (file,) = [each for each in folder.rglob("*") if each.is_file()]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_photo_that_cannot_be_written_whole_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        answer_store.put(folder, b"photo")
    assert [each for each in folder.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("digest", ["", "x", "../../keys/portal", "0" * 63, "0" * 64, "A" * 64])
def test_what_is_no_name_of_a_photo_finds_nothing(folder: Path, digest: str) -> None:
    with pytest.raises(NotFoundError):
        answer_store.get(folder, digest)


def test_only_what_nothing_speaks_of_for_a_day_is_swept(folder: Path) -> None:
    wanted, young, old, back = (answer_store.put(folder, each) for each in (b"1", b"2", b"3", b"4"))
    for each in (wanted, old, back):
        age(folder, each, 2)
    assert answer_store.put(folder, b"4") == back, "sent again, it is young again"
    assert answer_store.sweep(folder, {wanted}) == 1
    assert [answer_store.has(folder, each) for each in (wanted, young, old, back)] == [True, True, False, True]
    assert answer_store.sweep(folder / "none", set()) == 0
