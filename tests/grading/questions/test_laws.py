"""What holds for every question of every type, whatever its key and whatever is answered."""

import json
import random

import pytest
from hypothesis import assume, find, given
from hypothesis import strategies as st

from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions.render import html
from grading.questions.shuffle import shuffled
from tests.grading.questions.samples import (
    SECRET,
    answer_to,
    any_item,
    hostile,
    hotspots,
    in_parts,
    multiples,
    orders,
    scored,
    true_falses,
)

BLANKS = [None, "", "  ", "　", [], {}, ()]


@given(scored)
def test_the_key_earns_everything(item):
    kind = questions.type_of(item)
    score = kind.score(item, kind.key(item))
    assert score.fraction == pytest.approx(1)
    assert score.hard_fail is None
    assert kind.feedback(item, kind.key(item)).right


@given(any_item, st.sampled_from(BLANKS))
def test_blank_earns_nothing_and_needs_nobody(item, blank):
    kind = questions.type_of(item)
    value = kind.parse(item, blank)
    assert value is None
    assert kind.score(item, value) == questions.Score(0.0)
    assert not kind.feedback(item, value).right


@given(st.data())
def test_any_answer_earns_between_nothing_and_everything(data):
    item = data.draw(any_item)
    kind = questions.type_of(item)
    score = kind.score(item, kind.parse(item, data.draw(answer_to(item))))
    assert 0 <= score.fraction <= 1
    assert all(0 <= each <= 1 for each in score.parts.values())


@given(any_item, hostile)
def test_whatever_a_browser_sends_is_read_or_refused_with_a_sentence(item, raw):
    kind = questions.type_of(item)
    try:
        value = kind.parse(item, raw)
    except InvalidAnswerError as error:
        said = str(error)
    else:
        kept = questions.as_kept(item, raw)
        assert kind.parse(item, json.loads(json.dumps(kept, ensure_ascii=False).encode())) == value
        assert 0 <= kind.score(item, value).fraction <= 1
        said = kind.feedback(item, value).text
    assert isinstance(said, str)


@given(any_item)
def test_floods_and_depths_are_refused(item):
    kind = questions.type_of(item)
    deep: object = "A"
    for _ in range(5000):
        deep = [deep]
    for flood in (["A"] * 10**5, deep, {str(number): "A" for number in range(10**4)}, "九" * 10**6, 10**5000, float("nan")):
        with pytest.raises(InvalidAnswerError):
            kind.parse(item, flood)


@given(any_item, st.integers())
def test_nothing_of_the_key_leaves_the_server(item, seed):
    public = questions.public(item, random.Random(seed))
    shown = json.dumps(public, ensure_ascii=False) + html(public, "s01-")
    assert SECRET not in shown
    assert not {"key", "feedback", "why", "hard_fail", "rubric", "next", "effects", "says", "indicators"} & names(public)


def names(thing):
    if isinstance(thing, dict):
        return set(thing) | {name for each in thing.values() for name in names(each)}
    if isinstance(thing, list):
        return {name for each in thing for name in names(each)}
    return set()


@given(any_item, st.integers())
def test_the_same_seed_gives_the_same_order_and_none_gives_the_authors(item, seed):
    assert questions.public(item, random.Random(seed)) == questions.public(item, random.Random(seed))
    assert questions.public(item) == questions.public(item, None)


@given(any_item)
def test_an_item_comes_back_as_it_was_stored(item):
    assert questions.load(json.loads(json.dumps(questions.dump(item)))) == item


@given(scored)
def test_a_table_of_answers_says_what_the_scorer_says(item):
    kind = questions.type_of(item)
    table = questions.tabulated(item)
    assume(table is not None)
    for value, said in table.items():
        parsed = kind.parse(item, json.loads(value))
        assert questions.wire(parsed) == value, "the page looks an answer up by exactly this text"
        assert said == {"right": kind.score(item, parsed).fraction == 1, "text": kind.feedback(item, parsed).text}
    assert questions.wire(kind.key(item)) in table


def test_every_type_of_the_register_has_a_sample_here():
    found = {each: find(any_item, lambda item, name=each: item.type == name) for each in questions.REGISTRY}
    assert {each: item.type for each, item in found.items()} == {each: each for each in questions.REGISTRY}


@given(st.data())
def test_the_order_in_which_options_were_chosen_does_not_matter(data):
    item = data.draw(st.one_of(multiples(), hotspots()))
    kind = questions.type_of(item)
    chosen = data.draw(answer_to(item))
    other = data.draw(st.permutations(chosen))
    assert kind.score(item, kind.parse(item, chosen)) == kind.score(item, kind.parse(item, other))


@given(st.data())
def test_one_more_right_choice_is_never_worth_less_and_one_more_wrong_never_more(data):
    item = data.draw(st.one_of(multiples(), hotspots()))
    kind = questions.type_of(item)
    chosen = data.draw(answer_to(item))
    assume(item.type == "multiple" or len(item.key) > 1)
    left = [each for each in getattr(item, "options", None) or item.regions if each not in chosen]
    assume(left)
    added = data.draw(st.sampled_from(left))
    before, after = (kind.score(item, kind.parse(item, each)).fraction for each in (chosen, [*chosen, added]))
    assert after >= before if added in item.key else after <= before


@given(st.data())
def test_one_more_part_right_is_worth_more_and_a_wrong_one_takes_nothing_away(data):
    item = data.draw(in_parts)
    kind = questions.type_of(item)
    given_before, key = data.draw(answer_to(item)), kind.key(item)
    open_parts = [each for each in key if each not in given_before]
    assume(open_parts)
    part = data.draw(st.sampled_from(open_parts))
    other = data.draw(answer_to(item)).get(part, key[part])
    before, after, righted = (
        kind.score(item, kind.parse(item, each))
        for each in (given_before, given_before | {part: other}, given_before | {part: key[part]})
    )
    assert before.fraction <= after.fraction <= righted.fraction
    assert righted.fraction == pytest.approx(before.fraction + 1 / len(key))
    assert after.parts.get(part, 0) in (0, 1), "left empty, it is as if it were not answered"


@given(st.data())
def test_the_order_in_which_an_author_lists_options_does_not_matter(data):
    item = data.draw(scored)
    listed = {each: getattr(item, each) for each in ("options", "regions", "elements") if hasattr(item, each)}
    turned = {name: dict(data.draw(st.permutations(sorted(of.items())))) for name, of in listed.items()}
    other = item.model_copy(update=turned)
    raw = data.draw(answer_to(item))
    kind = questions.type_of(item)
    assert kind.score(item, kind.parse(item, raw)).fraction == kind.score(other, kind.parse(other, raw)).fraction


@given(st.data())
def test_an_answer_kept_as_it_was_read_reads_the_same_again(data):
    item = data.draw(any_item)
    kind = questions.type_of(item)
    value = kind.parse(item, data.draw(answer_to(item)))
    assert kind.parse(item, json.loads(questions.wire(value))) == value


@given(scored)
def test_the_key_can_be_spelled_out_for_who_may_see_it(item):
    kind = questions.type_of(item)
    assert all(kind.spelled(item, kind.key(item)))


@given(true_falses())
def test_a_statement_taken_wrongly_earns_nothing_and_loses_the_exam_only_where_it_says_so(item):
    kind = questions.type_of(item)
    wrong = kind.score(item, "false" if item.key else "true")
    assert wrong.fraction == 0
    assert bool(wrong.hard_fail) == item.hard_fail


@given(orders())
def test_the_reverse_order_earns_nothing_and_a_turned_block_only_its_seams(item):
    kind = questions.type_of(item)
    assert kind.score(item, item.key[::-1]).fraction == 0
    turned = item.key[1:] + item.key[:1]
    pairs = len(item.key) - 1
    assert kind.score(item, turned).fraction == pytest.approx((pairs - 1) / pairs)


@given(st.lists(st.integers()), st.integers())
def test_shuffling_loses_nothing(things, seed):
    assert sorted(shuffled(things, random.Random(seed))) == sorted(things)


def test_a_shuffle_stays_what_it_was_for_ever():
    assert "".join(shuffled("ABCDEF", random.Random(b"an attempt"))) == "EDACFB"
