"""What holds for any question of any type, checked on one question with answers made up from its key and its public view.

Nothing here knows a type by name: one question of a new type in the examples is enough for all of it. Hypothesis says
the same of questions nobody wrote (test_laws.py).
"""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions.item import Credit
from grading.questions.render import html
from grading.scoring import score, score_slot

BLANKS = (None, "", "  ", "　", [], {}, ())
SECRETS = {
    "key",
    "feedback",
    "why",
    "hard_fail",
    "rubric",
    "next",
    "effects",
    "says",
    "indicators",
    "goals",
    "accept",
    "look_for",
}
TRIES = 60
CLOSE = 1e-9


def check(item: questions.Item, floods: bool = True) -> int:
    """Hold one question to every law; return how many made-up answers it could read. Floods take their time."""
    _stored(item)
    _shown(item)
    _key_and_blank(item)
    if floods:
        _floods(item)
    read = [value for raw in made_up(item) if (value := _read(item, raw)) is not None]
    for value in read:
        _scored(item, value)
    _by_credit(item, read)
    return len(read)


def made_up(item: questions.Item) -> Iterator[Any]:
    """Yield answers like the key, with parts left out, doubled, turned round and put in each other's place."""
    chance = random.Random(item.id)
    public = questions.public(item)
    names = sorted(set(_names(public))) or ["A"]
    kind = questions.type_of(item)
    shape = None if kind.by_hand else json.loads(questions.wire(kind.key(item)))
    for _ in range(TRIES):
        yield _changed(shape, names, chance)
    yield from names
    yield from ([each] for each in names)


def _names(shown: Any) -> Iterator[str]:
    if isinstance(shown, Mapping):
        yield from (value for name, value in shown.items() if name in ("id", "gap") and isinstance(value, str))
        for each in shown.values():
            yield from _names(each)
    elif isinstance(shown, list):
        for each in shown:
            yield from _names(each)


def _changed(shape: Any, names: list[str], chance: random.Random) -> Any:
    if isinstance(shape, dict):
        return {name: _changed(each, names, chance) for name, each in shape.items() if chance.random() < 0.8}
    if isinstance(shape, list):
        kept = [each if chance.random() < 0.8 else chance.choice(names) for each in shape if chance.random() < 0.9]
        return sorted(kept, key=lambda _each: chance.random()) if chance.random() < 0.3 else kept
    return shape if chance.random() < 0.6 else chance.choice(names)


def _read(item: questions.Item, raw: Any) -> Any:
    try:
        value = questions.type_of(item).parse(item, raw)
    except InvalidAnswerError:
        return None
    again = questions.type_of(item).parse(item, json.loads(questions.wire(value)))
    assert again == value, "what was read reads the same again"
    return value


def _stored(item: questions.Item) -> None:
    assert questions.load(json.loads(json.dumps(questions.dump(item)))) == item


def _shown(item: questions.Item) -> None:
    order = random.Random(7)
    public = questions.public(item, order)
    assert public == questions.public(item, random.Random(7)), "the same seed, the same order"
    assert not SECRETS & _keys(public)
    assert f'data-question="{item.id}"' in html(json.loads(json.dumps(public)))


def _keys(thing: Any) -> set[str]:
    if isinstance(thing, Mapping):
        return set(thing).union(*map(_keys, thing.values()))
    return set[str]().union(*map(_keys, thing)) if isinstance(thing, list) else set()


def _key_and_blank(item: questions.Item) -> None:
    kind = questions.type_of(item)
    for blank in BLANKS:
        assert kind.parse(item, blank) is None
        assert kind.score(item, None) == questions.Score(0.0)
        assert not kind.feedback(item, None).right
    if kind.by_hand:
        assert kind.key(item) is None
        return
    best = kind.score(item, kind.key(item))
    assert abs(best.fraction - 1) < CLOSE
    assert best.hard_fail is None
    assert kind.feedback(item, kind.key(item)).right
    assert all(kind.spelled(item, kind.key(item)))
    assert score_slot(item, json.loads(questions.wire(kind.key(item))), 7) == 7


def _floods(item: questions.Item) -> None:
    deep: Any = "A"
    for _ in range(10_000):
        deep = [deep]
    many = {str(each): "A" for each in range(10_000)}
    for flood in (["A"] * 10**5, deep, many, "九" * 10**6, 10**5000, float("nan"), float("inf"), True, object()):
        try:
            questions.type_of(item).parse(item, flood)
        except InvalidAnswerError:
            assert score(item, flood) == questions.Score(0.0), "what does not fit earns what a blank earns"
        else:
            raise AssertionError(f"{item.type} takes {type(flood)!s}")


def _scored(item: questions.Item, value: Any) -> None:
    kind = questions.type_of(item)
    found = kind.score(item, value)
    assert 0 <= found.fraction <= 1
    assert all(0 <= each <= 1 for each in found.parts.values())
    assert found.needs_mark == kind.by_hand
    assert isinstance(kind.feedback(item, value).text, str)
    if kind.credit is Credit.WHOLE and not kind.by_hand:
        assert found.fraction in (0, 1)


def _by_credit(item: questions.Item, read: list[Any]) -> None:
    kind = questions.type_of(item)
    if kind.credit is Credit.PARTS:
        for value in read:
            _one_part_more(item, value)
    elif kind.credit is Credit.CHOSEN:
        for value in read:
            _one_choice_more(item, value)


def _one_part_more(item: questions.Item, value: Mapping[str, Any]) -> None:
    """A part put right is never worth less and a whole share at most; a part taken away is never worth more."""
    kind = questions.type_of(item)
    key, before = kind.key(item), kind.score(item, value).fraction
    for part, right in key.items():
        after = kind.score(item, {**value, part: right}).fraction
        assert before - CLOSE <= after <= before + 1 / len(key) + CLOSE
        less = {name: each for name, each in value.items() if name != part}
        assert kind.score(item, less or None).fraction <= before + CLOSE
    turned = dict(reversed(list(value.items())))
    assert abs(kind.score(item, kind.parse(item, turned)).fraction - before) < CLOSE, "in which order is no matter"


def _one_choice_more(item: questions.Item, value: tuple[str, ...]) -> None:
    """One more that belongs in it is never worth less, one that does not never more; in which order is no matter."""
    kind = questions.type_of(item)
    key, before = set(kind.key(item)), kind.score(item, value).fraction
    assert kind.score(item, kind.parse(item, list(value)[::-1])).fraction == before
    for each in sorted(set(_names(questions.public(item))) - {item.id, *value}):
        longer = _read(item, [*value, each])
        if longer is not None:
            after = kind.score(item, longer).fraction
            assert after >= before - CLOSE if each in key else after <= before + CLOSE
