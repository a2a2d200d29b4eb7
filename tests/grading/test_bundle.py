"""What comes in as a zip may be anything; what is kept of it is a plain small folder."""

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.errors import BadInputError
from grading.bundle import HEAVIEST, MOST_FILES, is_plain, packed, unpacked

NAMES = st.text("ab点_.", min_size=1, max_size=6).filter(is_plain)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name, content in members:
            archive.writestr(name, content, way)
    return out.getvalue()


def special(name: str, kind: int) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(name)
    about.create_system, about.external_attr = 3, (kind | 0o777) << 16
    return about


@given(st.dictionaries(NAMES.map(str.lower), st.binary(max_size=40), max_size=8))
def test_what_is_packed_comes_out_as_it_was_and_packs_alike(files: dict[str, bytes]) -> None:
    data = packed(files)
    assert unpacked(data) == files
    assert packed(dict(reversed(files.items()))) == data


@given(st.binary(max_size=200))
def test_what_is_no_zip_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInputError, match="打不开"):
        unpacked(data)


@given(st.data())
def test_a_broken_zip_is_refused_or_holds_what_it_held(data: st.DataObject) -> None:
    whole = bytearray(packed({"a.ipynb": b"{}" * 50, "b/c.csv": b"1,2,3"}))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        found = unpacked(bytes(whole))
    except BadInputError:
        return
    assert len(found) <= 2
    assert all(is_plain(part) for name in found for part in name.split("/"))


@pytest.mark.parametrize(
    "name",
    ["../a", "a/../../b", "/etc/passwd", "a//b", "a\\b", "C:a", "a/b/c/d/e", "a\nb", "a\u202eb", " a", "a ", "a.", "点" * 60],
)
def test_a_path_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="不能用"):
        unpacked(zipped((name, b"x")))


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK], ids=["link", "pipe", "device", "socket"]
)
def test_what_is_no_plain_file_is_refused(kind: int) -> None:
    with pytest.raises(BadInputError, match="不是普通文件"):
        unpacked(zipped((special("a.ipynb", kind), b"/etc/passwd")))


def test_a_bomb_is_stopped_at_the_limit() -> None:
    with pytest.raises(BadInputError, match="解开以后太大"):
        unpacked(zipped(("a.ipynb", bytes(HEAVIEST + 1))))
    with pytest.raises(BadInputError, match="解开以后太大"):
        unpacked(zipped(("a", bytes(HEAVIEST // 2)), ("b", bytes(HEAVIEST // 2 + 1))))


def test_a_bomb_that_understates_itself_is_stopped_too() -> None:
    data = bytearray(zipped(("a.ipynb", bytes(HEAVIEST + 1))))
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(BadInputError):
        unpacked(bytes(data))


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_ways_of_packing_that_take_memory_are_refused(way: int) -> None:
    with pytest.raises(BadInputError, match="不是普通文件"):
        unpacked(zipped(("a.ipynb", b"x"), way=way))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(BadInputError, match="太多了"):
        unpacked(zipped(*((f"{each}", b"") for each in range(MOST_FILES + 1))))


@pytest.mark.parametrize(
    "names", [("a", "A"), ("a", "a/b"), ("é", "e\u0301")], ids=["case", "file and folder", "one letter two ways"]
)
def test_two_files_in_one_place_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(BadInputError):
        unpacked(zipped(*((each, b"x") for each in names)))


def test_what_editors_leave_behind_is_left_out() -> None:
    leavings = (".DS_Store", "__MACOSX/a", ".ipynb_checkpoints/a.ipynb", "b/.hidden")
    assert unpacked(zipped(("a.ipynb", b"x"), *((each, b"y") for each in leavings))) == {"a.ipynb": b"x"}
