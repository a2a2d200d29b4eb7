"""Checking a certificate where there is no line: with nothing but the scanned address and the issuer's public key.

It cannot know of a revocation since; whoever reads the result is told.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from banyan.certificates.data_integrity import holds
from banyan.certificates.face import WATCHED
from banyan.certificates.keyring import Keyring
from banyan.certificates.open_badge import MOST
from banyan.certificates.qr import read_offline
from banyan.certificates.statement import Statement
from banyan.certificates.transcript import MOST as LONGEST
from banyan.certificates.transcript import read_file
from banyan.domain.certification import Validity, validity
from banyan.errors import BadInputError, TamperedError

UNSEEN = "离线核验不能知道证书后来是否被撤销；联网打开同一个网址可以看到"


def verify(address: str, key_file: Path, today: date) -> str:
    """Return what a genuine certificate states, a line each; TamperedError if the key's owner did not sign it."""
    return "\n".join(report(read_offline(address, read_key(key_file)), today))


def read_key(key_file: Path) -> Keyring:
    try:
        return Keyring.parse(key_file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError):
        raise BadInputError("读不了公钥文件 {file}", file=key_file) from None


def report(statement: Statement, today: date) -> list[str]:
    over = validity(statement.expires_on, False, today) is Validity.EXPIRED
    lines = [
        "签名有效，内容没有被改动" + ("（已过有效期）" if over else ""),
        f"{statement.title}　{statement.serial}",
        f"姓名：{statement.name}",
        f"培训：{statement.programme_title}",
        *([] if statement.invigilated is None else [WATCHED[statement.invigilated]["zh"]]),
        f"发证单位：{statement.issuer}（公钥 {statement.key_id}）",
        f"发证日期：{statement.issued_on}　有效期至：{statement.expires_on}",
        UNSEEN,
    ]
    return ["演示证书，没有效力", *lines] if statement.demo else lines


def verify_file(file: Path, key_file: Path, now: datetime) -> str:
    """Return what a genuine credential file states, a line each; TamperedError if the keys' owner did not sign it."""
    badge = _badge(file)
    if not holds(badge, read_key(key_file)):
        raise TamperedError("签名对不上：这个文件被改动过，或者不是这个单位发的")
    over = now > datetime.fromisoformat(badge["validUntil"])
    subject = badge["credentialSubject"]
    return "\n".join(
        [
            "签名有效，内容没有被改动" + ("（已过有效期）" if over else ""),
            f"{badge['name']}　{subject['licenseNumber']}",
            f"姓名：{subject['identifier'][0]['identityHash']}",
            f"培训：{subject['achievement']['name']}",
            f"发证单位：{badge['issuer']['name']}",
            f"有效期至：{badge['validUntil'][:10]}",
            UNSEEN,
        ]
    )


def verify_transcript(file: Path, key_file: Path) -> str:
    """Return what a genuine transcript's file says, a line each; TamperedError if the keys' owner did not sign it."""
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError):
        raise BadInputError("读不了学习档案文件 {file}", file=file) from None
    said = read_file(text, read_key(key_file))
    counts = {"证书": "certificates", "能力": "competencies", "课程": "courses", "考试": "exams"}
    lines = [
        "签名有效，内容没有被改动",
        f"姓名：{said['person']['name']}　工号末尾：{said['person']['number_end']}",
        f"截至：{said['as_of']}　出具：{said['issued_on']}　单位：{said['issuer']}（公钥 {said['key_id']}）",
        "　".join(f"{word}：{len(said[name])}" for word, name in counts.items()),
        *(f"  {each['title']}　{each['serial']}　{each['status']}" for each in said["certificates"]),
        UNSEEN,
    ]
    return "\n".join(["演示档案，没有效力", *lines] if said["demo"] else lines)


def _badge(file: Path) -> Any:
    """Return what stands in a file, or raise BadInputError if it is no credential."""
    try:
        read = json.loads(file.read_bytes()[:MOST])
    except (OSError, ValueError, RecursionError):
        raise BadInputError("读不了电子凭证文件 {file}", file=file) from None
    if not isinstance(read, dict):
        raise BadInputError("读不了电子凭证文件 {file}", file=file)
    return read
