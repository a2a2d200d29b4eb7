"""What is proved of every question before it may be asked: its key earns everything, a blank nothing, and each answer
its author foresees earns and reads as it was foreseen."""

import json
from collections.abc import Iterator
from typing import Any

from banyan.courseware.faults import Fault
from banyan.courseware.pools import Pool
from banyan.courseware.yaml_source import Place, Source
from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions import Item, type_of
from grading.questions.item import Expectation
from grading.scoring import score


def proof_faults(pool: Pool) -> Iterator[Fault]:
    for item, source, place in pool:
        yield from _key(item, source, place)
        if score(item, None).fraction != 0:
            yield source.fault(place, f'题 "{item.id}" 空着不答也有分', "请告诉平台的开发者，先不要用这道题")
        for number, each in enumerate(item.expects):
            yield from _foreseen(item, each, source, (*place, "expects", number))


def _key(item: Item, source: Source, place: Place) -> Iterator[Fault]:
    """The key goes the way of any answer, as a phone would send it; an answer that a person reads has none."""
    key = type_of(item).key(item)
    if key is None:
        return
    sent = json.loads(questions.wire(key))
    earned = score(item, sent)
    if earned.fraction != 1 or earned.hard_fail or not type_of(item).feedback(item, type_of(item).parse(item, sent)).right:
        text = f'照题 "{item.id}" 自己的答案答，得不到满分（只有 {earned.fraction:.0%}）'
        yield source.fault((*place, "key"), text, "改正答案；答案没有错，请告诉平台的开发者")


def _foreseen(item: Item, told: Expectation, source: Source, place: Place) -> Iterator[Fault]:
    try:
        value = type_of(item).parse(item, _plain(told.answer))
    except InvalidAnswerError as fault:
        yield source.fault((*place, "answer"), f"写在 expects 里的答案这道题读不出来（{fault}）", "照学员会交的样子写")
        return
    earned = type_of(item).score(item, value)
    if abs(earned.fraction - told.earns) > 0.005:
        text = f"写的是得 {told.earns:.0%}，实际得 {earned.fraction:.0%}"
        yield source.fault((*place, "earns"), text, "改 earns，或改答案")
    if bool(earned.hard_fail) != told.hard_fail:
        text = "这样答整场不算过，expects 里没有写" if earned.hard_fail else "expects 里写了整场不算过，实际不会"
        yield source.fault((*place, "hard_fail"), text, "改 hard_fail，或改题")
    said = type_of(item).feedback(item, value).text
    if told.says and "".join(told.says.split()) not in "".join(said.split()):
        yield source.fault((*place, "says"), f"学员读到的是“{said}”，里面没有“{told.says}”", "改 says，或改 feedback")


def _plain(answer: Any) -> Any:
    """Return an answer as it comes from a phone: what a file can say that JSON cannot becomes its text."""
    return json.loads(json.dumps(answer, default=str))
