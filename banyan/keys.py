"""A home's secrets: each in a file of its own that nobody but its owner reads, drawn once and never printed."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from banyan.errors import HomeError

SIGNING = "signing"  # Ed25519, PEM: receipts and certificates
PAST = "signed-before"  # JSON: the public halves of the keys that signed before; only where they were changed
SECRETS = ("cookie", "proxy", "hub-cookie", "portal", "lessons", "attempt", "entry")  # 32 random bytes each, in hex
KEYS = (*SECRETS, SIGNING)


def draw(path: Path) -> bool:
    """Draw a key that is not there yet, and say whether it was."""
    if path.exists():
        return False
    write(path, _new_signing_key() if path.name == SIGNING else secrets.token_hex(32))
    return True


def draw_signing(path: Path) -> None:
    """Draw a key to sign with, whatever the file is called."""
    write(path, _new_signing_key())


def _new_signing_key() -> str:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def write(path: Path, text: str) -> None:
    """Write a file that only its owner reads, complete or not at all, and bring it to the disk."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def inspect(key: Path) -> None:
    """Raise HomeError unless a key is there and nobody else reads it."""
    try:
        mode = key.stat().st_mode
    except FileNotFoundError:
        raise HomeError("缺少密钥 {key}；请从备份恢复，或新建一个数据目录", key=key) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise HomeError("密钥 {key} 别人也能读；请运行 chmod 600 {key}", key=key)
    if not os.access(key, os.R_OK) or not key.read_bytes().strip():
        raise HomeError("密钥 {key} 读不出来；请从备份恢复", key=key)
