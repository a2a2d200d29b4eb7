"""Bytes as the W3C's credentials spell them: base58 in Bitcoin's letters behind a `z` (Multibase), and keys behind the
two bytes that say of which kind they are (Multikey).
"""

LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58 = "z"
ED25519 = b"\xed\x01"


def encode(data: bytes) -> str:
    number, signs = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        signs = LETTERS[rest] + signs
    return BASE58 + LETTERS[0] * (len(data) - len(data.lstrip(b"\0"))) + signs


def decode(text: str) -> bytes:
    """Return the bytes of a text, or raise ValueError if it is not spelt so."""
    signs = text.removeprefix(BASE58)
    if signs == text or set(signs) - set(LETTERS):
        raise ValueError("not base58")
    number = 0
    for sign in signs:
        number = number * 58 + LETTERS.index(sign)
    zeros = len(signs) - len(signs.lstrip(LETTERS[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(raw: bytes) -> str:
    """Return an Ed25519 public key of 32 bytes as a Multikey."""
    return encode(ED25519 + raw)
