import copy
import json
from pathlib import Path
from typing import Any

import pytest

from banyan.errors import BadInputError, NotFoundError, TryLaterError
from widgets import talk
from widgets.script import misfits, script

TALK: dict[str, Any] = {
    "title": "老李不肯走",
    "scenes": {
        "door": {
            "lines": ["雨还在下。", {"老李": "从没塌过。"}],
            "choices": {
                "A": {"text": "裂缝宽了一指，我扶您走。", "says": "老李去摸雨衣了。", "next": "hall"},
                "B": {"text": "必须走！", "says": "门关上了。", "next": "door"},
                "C": {"text": "算了。", "next": "end"},
            },
        },
        "hall": {"lines": ["到了祠堂。"], "take": ["人到了，打电话说人数。"]},
    },
    "take": ["先说看见的。"],
}


def changed(place: str, value: Any) -> dict[str, Any]:
    """Return the dialogue with one part set, or left out where the value is None."""
    data = copy.deepcopy(TALK)
    *road, last = place.split("/")
    part = data
    for each in road:
        part = part[each]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return data


def test_a_dialogue_is_whole_before_anything_is_touched() -> None:
    told = talk(TALK).script
    assert told["scenes"][0]["lines"] == [["", "雨还在下。"], ["老李", "从没塌过。"]]
    assert [each["next"] for each in told["scenes"][0]["choices"]] == [1, 0, None]
    assert (told["start"], told["take"], told["scenes"][1]["take"]) == (0, ["先说看见的。"], ["人到了，打电话说人数。"])


def test_a_dialogue_of_the_course_is_shown_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TryLaterError, match="重新生成课程"):
        talk("old-li")
    Path("dialogues.json").write_text(json.dumps({"old-li": TALK}), encoding="utf-8")
    assert talk("old-li").script == script(TALK)
    with pytest.raises(NotFoundError, match="“old-wang”"):
        talk("old-wang")


WRONG = [
    ("title", None, "", '少了 "title"'),
    ("title", "长" * 31, "title", "最多 30 个字"),
    ("titel", "错", "titel", '没有 "titel" 这个名字'),
    ("take", None, "", '"take" 要写'),
    ("take", [], "take", '"take" 要写'),
    ("take", "一句", "take", '"take" 要写'),
    ("take", [8], "take/0", "带走的话应当是文字"),
    ("scenes", {}, "scenes", '"scenes" 要写'),
    ("scenes", ["一"], "scenes", '"scenes" 要写'),
    ("scenes/hall", "到了", "scenes/hall", "一幕应当是一组"),
    ("scenes/hall/lines", [], "scenes/hall/lines", '"lines" 要写'),
    ("scenes/hall/lines", [{"老李": "好", "您": "好"}], "scenes/hall/lines/0", "一句话写成文字"),
    ("scenes/hall/lines", [{"老李": 8}], "scenes/hall/lines/0", "一句话写成文字"),
    ("scenes/hall/lines", ["长" * 161], "scenes/hall/lines/0", "这一句太长"),
    ("scenes/door/choices", {}, "scenes/door/choices", '"choices" 要写'),
    ("scenes/door/choices/A", "走", "scenes/door/choices/A", "一个选择应当是一组"),
    ("scenes/door/choices/A/text", None, "scenes/door/choices/A", '少了 "text"'),
    ("scenes/door/choices/A/text", 8, "scenes/door/choices/A/text", '"text" 应当是文字'),
    ("scenes/door/choices/A/next", "hal", "scenes/door/choices/A/next", '没有叫 "hal" 的一幕'),
    ("scenes/end", {"lines": ["完"]}, "scenes/end", "不能当一幕的名字"),
    ("start", "roof", "start", '没有叫 "roof" 的一幕'),
    ("scenes/attic", {"lines": ["没人来"]}, "scenes/attic", "没有一条路走到"),
    ("scenes/hall/choices", {"A": {"text": "等", "next": "hall"}}, "scenes/hall", "走不到结尾"),
]


@pytest.mark.parametrize(("place", "value", "where", "said"), WRONG, ids=[f"{each[0]}: {each[3]}" for each in WRONG])
def test_a_fault_is_told_at_its_place(place: str, value: Any, where: str, said: str) -> None:
    (found,) = misfits(changed(place, value))
    assert "/".join(map(str, found.place)) == where
    assert said in found.text


@pytest.mark.parametrize("data", [None, [], "对话", 8])
def test_what_is_no_dialogue_at_all_is_refused(data: Any) -> None:
    with pytest.raises(BadInputError, match="应当是一组"):
        script(data)


def test_all_faults_are_told_together() -> None:
    data = changed("scenes/door/choices/A/next", "hal")
    data["titel"] = "错"
    with pytest.raises(BadInputError, match="2 处要改") as told:
        talk(data)
    assert "scenes › door › choices › A › next" in str(told.value)


def test_the_state_sent_to_a_browser_names_nobody() -> None:
    sent = {name for name in talk(TALK).keys if not name.startswith("_")}
    assert sent - {"script", "words"} <= {"layout", "comm", "tabbable", "tooltip"}
