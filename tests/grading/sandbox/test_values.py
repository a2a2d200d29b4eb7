"""What crosses the line comes out as it was, or does not cross; whatever the other side sends is a value or a refusal."""

import json
from collections import Counter, OrderedDict, deque
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox.values import CannotCrossError, pack, plain_of, unpack

PLAIN_MODULES = ("builtins", "collections", "datetime", "decimal", "fractions", "grading.sandbox.values")


class Nobody:
    """Knows nothing that is not plain."""

    def named(self, value: Any) -> dict[str, Any]:
        return {"object": 1}

    def found(self, said: dict[str, Any]) -> Any:
        raise CannotCrossError("nothing of that name")


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
    | st.complex_numbers(allow_nan=False) | st.decimals(allow_nan=False) | st.fractions() | st.dates() | st.datetimes()
    | st.times() | st.timedeltas()
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda each: (
        st.lists(each) | st.lists(each).map(tuple) | st.dictionaries(SCALARS, each) | st.frozensets(SCALARS) | st.sets(SCALARS)
        | st.lists(each).map(deque)
    ),
    max_leaves=20,
)  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each)
    | st.dictionaries(
        st.sampled_from(
            ["tuple", "set", "dict", "deque", "Counter", "Decimal", "Fraction", "date", "datetime", "time", "int", "complex",
             "bytes", "bytearray", "range", "timedelta", "namedtuple", "name", "fields", "builtin", "scalar", "most", "object"]
        ) | st.text(max_size=3),
        each,
    ),
    max_leaves=20,
)  # fmt: skip


def crossed(value: Any) -> Any:
    return unpack(json.loads(json.dumps(pack(value, Nobody()))), Nobody())


@given(VALUES)
def test_plain_data_comes_out_equal_and_of_its_type(value: Any) -> None:
    found = crossed(value)

    assert found == value
    assert type(found) is type(value)


@given(ANY_JSON)
def test_whatever_is_sent_is_plain_or_refused(said: Any) -> None:
    try:
        found = unpack(said, Nobody())
    except CannotCrossError:
        return
    assert type(found).__module__ in PLAIN_MODULES


@pytest.mark.parametrize(
    "value",
    [
        10**400, float("inf"), range(3, 9, 2), bytearray(b"a"), Counter("aab"), OrderedDict(b=1, a=2), deque([1], 3), len,
        ValueError,
        Decimal("1.10"), Fraction(1, 3), date(2026, 1, 2), datetime(2026, 1, 2, 3), time(4, 5), timedelta(days=-1, seconds=3),
    ],
)  # fmt: skip
def test_what_every_python_has_crosses(value: Any) -> None:
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


def test_what_is_nested_without_end_does_not_cross() -> None:
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(CannotCrossError, match="deeply"):
        pack(endless, Nobody())
    with pytest.raises(CannotCrossError, match="deeply"):
        unpack(json.loads("[" * 100 + "]" * 100), Nobody())


@pytest.mark.parametrize("name", ["os", "", "exec", "open", "__import__"])
def test_a_builtin_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(CannotCrossError):
        unpack({"builtin": name}, Nobody())


def test_only_a_derived_value_has_a_plain_one() -> None:
    assert plain_of(type("Own", (list,), {})([1])) == [1]
    with pytest.raises(TypeError, match="no plain value"):
        plain_of(object())
