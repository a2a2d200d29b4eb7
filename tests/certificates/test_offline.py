"""Without a line, the address and the public key are enough to tell the genuine from the altered."""

import dataclasses
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates import open_badge, qr
from banyan.certificates.issuer import Issuer
from banyan.certificates.offline import verify, verify_file
from banyan.certificates.open_badge import Place
from banyan.certificates.statement import Statement
from banyan.domain.framework import Framework
from banyan.errors import BadInputError, TamperedError

TODAY = date(2026, 12, 1)


@pytest.fixture
def address(issuer: Issuer, statement: Statement) -> str:
    return qr.url(issuer.public_url, statement, issuer.sign(statement.payload()))


@pytest.fixture
def key_file(issuer: Issuer, tmp_path: Path) -> Path:
    file = tmp_path / "issuer.pub"
    file.write_text(issuer.public_key.text + "\n")
    return file


def test_a_genuine_certificate_is_told_in_full(address: str, key_file: Path) -> None:
    told = verify(address, key_file, TODAY)
    assert told.startswith("演示证书，没有效力\n签名有效")
    assert "姓名：林小英" in told
    assert "离线核验不能知道证书后来是否被撤销" in told


@pytest.mark.parametrize(("watched", "says"), [(True, "考试：有监考"), (False, "考试：无监考")])
def test_it_is_told_whether_the_exam_was_invigilated(
    statement: Statement, issuer: Issuer, key_file: Path, watched: bool, says: str
) -> None:
    said = dataclasses.replace(statement, invigilated=watched)
    assert says in verify(qr.url(issuer.public_url, said, issuer.sign(said.payload())), key_file, TODAY)
    assert "监考" not in verify(qr.url(issuer.public_url, statement, issuer.sign(statement.payload())), key_file, TODAY)


@pytest.mark.parametrize(
    ("day", "over"), [(date(2027, 11, 23), False), (date(2027, 11, 24), True)], ids=["last day", "day after"]
)
def test_one_that_has_run_out_is_said_to(address: str, key_file: Path, day: date, over: bool) -> None:
    assert ("已过有效期" in verify(address, key_file, day)) is over


def test_a_demo_holds_in_its_own_house_only(address: str, issuer: Issuer, tmp_path: Path) -> None:
    real = dataclasses.replace(issuer, demo=False, key=Ed25519PrivateKey.generate())
    (tmp_path / "real.pub").write_text(real.public_key.text)
    with pytest.raises(TamperedError):
        verify(address, tmp_path / "real.pub", TODAY)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"ed25519:short"], ids=["missing", "empty", "binary", "cut"])
def test_a_key_file_that_holds_no_key_is_refused(address: str, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.pub"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInputError):
        verify(address, file, TODAY)


@pytest.fixture
def badge(statement: Statement, issuer: Issuer, tmp_path: Path) -> Path:
    """A certificate's file for other systems."""
    file = tmp_path / "badge.json"
    made = open_badge.credential(statement, Framework("t", TODAY, ()), issuer, Place(0, 7), datetime(2026, 12, 1, tzinfo=UTC))
    file.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def test_a_credential_file_is_told_in_words(badge: Path, key_file: Path) -> None:
    told = verify_file(badge, key_file, datetime(2027, 11, 23, 15, 59, tzinfo=UTC))
    assert told.startswith("签名有效，内容没有被改动\n演示·培训考核合格证明")
    assert "姓名：林小英" in told
    assert "已过有效期" in verify_file(badge, key_file, datetime(2027, 11, 23, 16, 0, tzinfo=UTC))


def test_an_altered_credential_file_is_refused(badge: Path, key_file: Path) -> None:
    badge.write_text(badge.read_text("utf-8").replace("林小英", "林大英"), "utf-8")
    with pytest.raises(TamperedError):
        verify_file(badge, key_file, datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 200_000], ids=["empty", "cut", "a list", "binary", "deep"])
def test_what_is_no_credential_file_is_refused(badge: Path, key_file: Path, content: bytes) -> None:
    badge.write_bytes(content)
    with pytest.raises(BadInputError):
        verify_file(badge, key_file, datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("proof", [None, [], {}, [{}, {}], [7], {"type": "DataIntegrityProof"}], ids=list("abcdef"))
def test_a_file_without_a_proof_of_ours_is_refused(badge: Path, key_file: Path, proof: object) -> None:
    badge.write_text(json.dumps(json.loads(badge.read_text("utf-8")) | {"proof": proof}), "utf-8")
    with pytest.raises(TamperedError):
        verify_file(badge, key_file, datetime(2026, 12, 1, tzinfo=UTC))
