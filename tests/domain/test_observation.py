"""Two assessors of the same work: where they differ, and where one just saw less."""

from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.observation import Mark, differing, disputed, shown

MARKS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(Mark))


def test_yes_against_not_yet_differs_and_unseen_contradicts_nobody() -> None:
    one = {"a": Mark.YES, "b": Mark.YES, "c": Mark.UNSEEN, "d": Mark.NOT_YET}
    other = {"a": Mark.NOT_YET, "b": Mark.UNSEEN, "c": Mark.YES, "d": Mark.NOT_YET}
    assert differing(one, other) == {"a"}
    assert shown(one) == {"a", "b"}


@given(MARKS, MARKS)
def test_differing_is_mutual_and_about_what_both_looked_at(one: dict[str, Mark], other: dict[str, Mark]) -> None:
    found = differing(one, other)
    assert found == differing(other, one)
    assert all(Mark.UNSEEN not in (one[code], other[code]) and one[code] is not other[code] for code in found)
    assert differing(one, one) == frozenset()


@given(st.lists(MARKS, max_size=4))
def test_disputed_is_what_some_pair_differs_about(every: list[dict[str, Mark]]) -> None:
    said = {code: {each[code] for each in every if code in each} for each in every for code in each}
    assert disputed(every) == {code for code, marks in said.items() if {Mark.YES, Mark.NOT_YET} <= marks}
