"""The recovery code: printed once, kept on paper, the only thing that opens the keys in a backup.

The home keeps the public half alone, so a backup made at night by nobody is sealed as well as one made by hand: an
X25519 key of the backup's own, agreed with the code's, encrypts with AES-256-GCM. A code carries 125 bits of chance and
three characters by which a slip of the pen is told from a wrong code.
"""

import hashlib
import os
import secrets
import unicodedata
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from banyan.accounts.slips import SETUP
from banyan.errors import HomeError
from banyan.keys import write
from banyan.records import audit
from banyan.records.engine import writing
from banyan.settings import Home, Settings
from banyan.wiring import open_records

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else when copied by hand
DRAWN, CHECKED, GROUP = 25, 3, 4
PUBLIC, NONCE = 32, 12  # bytes
CODE, SEAL = b"banyan recovery code", b"banyan backup keys"


def draw_code() -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    whole = drawn + _check(drawn)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def read_code(typed: str) -> str:
    """Return a code as it was drawn, without its groups; HomeError if a character is wrong or missing."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).upper() if each.isalnum())
    if len(plain) != DRAWN + CHECKED:
        raise HomeError("恢复码应当有 {right} 个字母和数字，这里有 {count} 个", right=DRAWN + CHECKED, count=len(plain))
    if _check(plain[:DRAWN]) != plain[DRAWN:]:
        raise HomeError("恢复码抄错了，请对照纸上的再输一次")
    return plain


def adopt_code(home: Home, code: str) -> None:
    """Seal from now on to this code; what was sealed before still needs the code of then."""
    write(home.recovery, public_of(code) + "\n")


def note_renewal(home: Home, now: datetime) -> None:
    with writing(open_records(home, Settings.of(home))) as session:
        audit.append(session, now, SETUP, "home.recovery", "recovery.pub")


def recipient(home: Home) -> str:
    """Return the public half of a home's code, or raise HomeError."""
    try:
        text = home.recovery.read_text(encoding="ascii").strip()
        X25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except FileNotFoundError:
        raise HomeError("{path} 还没有恢复码；请先运行 banyan recovery renew", path=home.root) from None
    except (OSError, ValueError):
        raise HomeError("{path} 坏了；请运行 banyan recovery renew 换一个恢复码", path=home.recovery) from None
    return text


def public_of(code: str) -> str:
    return _private(code).public_key().public_bytes_raw().hex()


def seal(public: str, plain: bytes, bound: bytes) -> bytes:
    """Encrypt for whoever has the code; `bound` is what the sealed text belongs to and is opened with."""
    own, nonce = X25519PrivateKey.generate(), os.urandom(NONCE)
    secret = own.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    return own.public_key().public_bytes_raw() + nonce + AESGCM(_key(secret, SEAL)).encrypt(nonce, plain, bound)


def unseal(code: str, sealed: bytes, bound: bytes) -> bytes:
    """Return what was sealed, or raise HomeError if the code is another one or a byte was changed."""
    try:
        secret = _private(code).exchange(X25519PublicKey.from_public_bytes(sealed[:PUBLIC]))
        nonce, text = sealed[PUBLIC : PUBLIC + NONCE], sealed[PUBLIC + NONCE :]
        return AESGCM(_key(secret, SEAL)).decrypt(nonce, text, bound)
    except (InvalidTag, ValueError):
        raise HomeError("备份里的密钥打不开：恢复码不对，或备份被改动过") from None


def _private(code: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_key(read_code(code).encode(), CODE))


def _key(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret)


def _check(drawn: str) -> str:
    number = int.from_bytes(hashlib.sha256(drawn.encode()).digest())
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CHECKED))
