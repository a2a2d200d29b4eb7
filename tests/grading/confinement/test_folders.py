"""Folders a program made as it liked: what is in them is seen up to a limit, and all of it can be taken away."""

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.confinement.folders import UnseenError, entries, remove
from tests.grading.confinement.nested import nested


def locked(folder: Path) -> None:
    for mode in (0, 0o300, 0o500):
        below = folder / f"{mode:o}"
        below.mkdir()
        (below / "folder").mkdir()
        (below / "folder" / "file").touch()
        (below / "file").touch()
        below.chmod(mode)


def linked(folder: Path) -> None:
    (folder / "away").symlink_to(folder.parent)
    (folder / "nowhere").symlink_to("nothing")
    os.mkfifo(folder / "pipe")


MAKING: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "deep": nested,
    "longer than a path": lambda folder: nested(folder, "d" * 250, 40),
    "wide": lambda folder: [nested(folder, f"{each}", 1) for each in range(500)] and None,
    "locked": locked,
    "linked": linked,
}


@pytest.mark.parametrize("make", MAKING.values(), ids=MAKING)
def test_all_of_a_folder_is_removed_and_nothing_beside_it(tmp_path: Path, make: Callable[[Path], None]):
    folder, beside = tmp_path / "folder", tmp_path / "beside"
    folder.mkdir()
    beside.touch()
    make(folder)
    gc.collect()  # closes what earlier tests forgot
    handles = len(os.listdir("/proc/self/fd"))

    remove(folder)

    assert list(tmp_path.iterdir()) == [beside]
    assert len(os.listdir("/proc/self/fd")) <= handles


def test_a_link_is_not_followed_and_what_is_not_there_is_no_fault(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    (tmp_path / "link").symlink_to("folder")

    remove(tmp_path / "link")
    remove(tmp_path / "nothing")
    remove(tmp_path / "nothing" / "below")

    assert (tmp_path / "folder" / "file").exists()


def test_folders_and_files_are_seen_with_their_sizes(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"12345")
    linked(tmp_path / "a")

    assert len(list(entries(tmp_path, 2))) == 6
    assert 5 in [each.st_size for each in entries(tmp_path, 2)]
    assert list(entries(tmp_path / "nothing", 2)) == []


@pytest.mark.parametrize(("make", "deepest"), [(MAKING["deep"], 50), (MAKING["longer than a path"], 50)], ids=["deep", "long"])
def test_where_there_may_be_more_than_is_seen_it_is_said(tmp_path: Path, make: Callable[[Path], None], deepest: int):
    (tmp_path / "folder").mkdir()
    make(tmp_path / "folder")
    with pytest.raises(UnseenError):
        list(entries(tmp_path, deepest))
    remove(tmp_path / "folder")  # pytest's own way would not get to its end
