"""An archive is held against its list: whatever was damaged or changed is named, and nothing damaged stops the check."""

import json
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from banyan.certificates.issuer import Issuer
from banyan.errors import BanyanError
from banyan.tracker.classes.archive import digests, made, stream
from banyan.tracker.classes.manifest import PLAIN, SIGNED, About, check_archive, plain, signed
from banyan.tracker.rulebook import Rulebook

LATE = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # half past one of the next day in the county
DESCRIPTOR = 16  # bytes after what is packed that say its length once more
ENTRIES = [made("01 通知.pdf", " ".join(map(str, range(120))).encode()), made("05 成绩.pdf", bytes(range(200)))]


@pytest.fixture(scope="module")
def issuer(rulebook: Rulebook) -> Issuer:
    return rulebook.issuer


def archive(issuer: Issuer, **changed: bytes) -> bytes:
    listed = digests(ENTRIES)
    about = About(1, "报告实训", "x", "县", LATE, "RX0001", complete=True, demo=False)
    lists = {SIGNED: signed(about, listed, issuer), PLAIN: plain(listed)} | changed
    return b"".join(stream(ENTRIES, lists, date(2026, 11, 23)))


def faults(issuer: Issuer, content: bytes, folder: Path) -> tuple[str, ...]:
    (folder / "a.zip").write_bytes(content)
    return check_archive(folder / "a.zip", issuer).faults


def flipped(content: bytes, places: Iterable[int]) -> Iterator[bytes]:
    """Yield an archive with one byte turned over, for each of some places."""
    for place in places:
        yield content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def test_a_damaged_byte_in_a_file_names_the_file(issuer: Issuer, tmp_path: Path) -> None:
    content = archive(issuer)
    assert faults(issuer, content, tmp_path) == ()
    begins, ends = content.index(b"01 ") + len("01 通知.pdf".encode()), content.index(b"05 ") - 30 - DESCRIPTOR
    found = [faults(issuer, each, tmp_path) for each in flipped(content, range(begins, ends))]
    assert len(found) > 10
    assert {each.partition("：")[0] for told in found for each in told} == {"01 通知.pdf"}
    assert sum(len(each) == 1 for each in found) > len(found) - 5, "a few bits of a packed file say nothing"


def test_a_damaged_byte_anywhere_is_told_in_words(issuer: Issuer, tmp_path: Path) -> None:
    content = archive(issuer)
    for broken in flipped(content, range(0, len(content), 5)):
        try:
            assert all("：" in each for each in faults(issuer, broken, tmp_path))
        except BanyanError as fault:
            assert "压缩包" in str(fault)  # noqa: PT017 - either is told


def test_a_list_under_a_password_is_no_list_of_ours(issuer: Issuer, tmp_path: Path) -> None:
    content = bytearray(archive(issuer))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    content[6] |= 1
    with pytest.raises(BanyanError, match=SIGNED.replace(".", r"[.]")):
        faults(issuer, bytes(content), tmp_path)


def test_the_plain_list_says_what_the_signed_one_does(issuer: Issuer, tmp_path: Path) -> None:
    other = plain({each.name: "0" * 64 for each in ENTRIES})
    assert faults(issuer, archive(issuer, **{PLAIN: other}), tmp_path) == (f"{PLAIN}：和签了名的清单不一样",)


@pytest.mark.parametrize("name", [SIGNED, PLAIN, "05 成绩.pdf"])
def test_a_name_that_is_there_twice_is_told(issuer: Issuer, tmp_path: Path, name: str) -> None:
    content = BytesIO(archive(issuer))
    with zipfile.ZipFile(content) as old:
        same = old.read(name)
    with warnings.catch_warnings(), zipfile.ZipFile(content, "a") as more:
        warnings.simplefilter("ignore")
        more.writestr(name, same)
    assert faults(issuer, content.getvalue(), tmp_path) == (f"{name}：有2份",)


def test_its_day_is_the_county_s(issuer: Issuer) -> None:
    with zipfile.ZipFile(BytesIO(archive(issuer))) as found:
        assert json.loads(found.read(SIGNED))["payload"]["i"] == "2026-11-24"
