"""Bytes in the W3C's spelling, both ways."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.certificates import base64url, multibase
from banyan.certificates.status_list import PLACES, encoded


@given(st.binary(max_size=80))
def test_what_is_written_is_read_again(data: bytes) -> None:
    assert multibase.decode(multibase.encode(data)) == data


def test_it_is_spelt_as_the_standard_has_it() -> None:
    """The example of draft-msporny-base58, and the key of the Data Integrity EdDSA specification."""
    assert multibase.encode(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    raw = bytes.fromhex("4d5ba6d6ee5f41ae4a3ab0f0a91e1e6dcf4c30a13a1e3c47f1a8a3cd07b4d7e2")
    assert multibase.multikey(raw).startswith("z6Mk")


@pytest.mark.parametrize("text", ["", "z0", "zI", "u2NEpo7", "z é"])
def test_what_is_spelt_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not base58"):
        multibase.decode(text)


@given(st.sets(st.integers(0, PLACES - 1), max_size=20))
def test_a_list_has_the_places_that_were_set_and_no_other(places: set[int]) -> None:
    packed = encoded(places)
    around = {near for each in places for near in (each - 1, each, each + 1) if 0 <= near < PLACES} | {0, PLACES - 1}
    bits = gzip.decompress(base64url.decode(packed.removeprefix("u")))
    assert {each for each in around if bits[each // 8] >> (7 - each % 8) & 1} == places
    assert len(packed) < 1000
