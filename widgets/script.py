"""What a dialogue may say: scenes with lines and choices, as plain data of a cell or of dialogues/<name>.yaml.

Pure: the check of a course tells the same faults with file and line. A scene without choices is an ending; every scene
can be reached, and from every scene an ending.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from banyan.errors import BadInputError

Place = tuple[str | int, ...]
END = "end"
WHOLE = {"title": 30, "note": 60, "you": 12, "start": 40}
SCENE = {"ask": 40}
CHOICE = {"text": 80, "says": 160, "next": 40}
"""How many characters each text may have."""
LINE, SPEAKER, TAKE = 160, 12, 80
MOST_SCENES, MOST_LINES, MOST_CHOICES, MOST_TAKE = 40, 12, 5, 5
LIKE = "照 docs/reference/widgets.md 里的例子写"


class Misfit(NamedTuple):
    place: Place
    text: str
    remedy: str


def script(data: Any) -> dict[str, Any]:
    """Return a dialogue as the browser takes it: scenes by number, None for the end. BadInputError tells every fault."""
    found = list(misfits(data))
    if found:
        told = "\n".join(f"{' › '.join(map(str, each.place)) or '对话'}：{each.text}；{each.remedy}" for each in found)
        title = data.get("title", "") if isinstance(data, Mapping) else ""
        raise BadInputError("对话“{title}”有 {count} 处要改：\n{told}", title=title, count=len(found), told=told)
    names = list(data["scenes"])
    number = {name: place for place, name in enumerate(names)}
    scenes = [_scene(each, number) for each in data["scenes"].values()]
    texts = {each: data.get(each, "") for each in ("title", "note", "you")}
    return texts | {"start": number[data.get("start", names[0])], "scenes": scenes, "take": list(data["take"])}


def _scene(scene: Mapping[str, Any], number: Mapping[str, int]) -> dict[str, Any]:
    choices = [
        {"text": each["text"], "says": each.get("says", ""), "next": number.get(each["next"])}
        for each in scene.get("choices", {}).values()
    ]
    lines = [["", each] if isinstance(each, str) else list(*each.items()) for each in scene["lines"]]
    return {"lines": lines, "ask": scene.get("ask", ""), "choices": choices, "take": list(scene.get("take", ()))}


def misfits(data: Any) -> Iterator[Misfit]:
    """Yield everything that is wrong, each with its place in the data."""
    if not isinstance(data, Mapping):
        yield Misfit((), "对话应当是一组 “名字: 内容”", LIKE)
        return
    yield from _texts(data, (), WHOLE, {"title"}, {"scenes", "take"})
    yield from _take(data, (), needed=True)
    scenes = data.get("scenes")
    if not isinstance(scenes, Mapping) or not 1 <= len(scenes) <= MOST_SCENES:
        yield Misfit(("scenes",) if "scenes" in data else (), f'"scenes" 要写 1 到 {MOST_SCENES} 幕，每幕一个名字', LIKE)
        return
    faults = [fault for name, scene in scenes.items() for fault in _of_scene(scene, ("scenes", name), scenes)]
    if data.get("start", next(iter(scenes))) not in scenes:
        faults.append(Misfit(("start",), f'没有叫 "{data["start"]}" 的一幕', "改成 scenes 里有的名字"))
    yield from faults
    if not faults:
        yield from _ways(data)


def _of_scene(scene: Any, place: Place, scenes: Mapping[str, Any]) -> Iterator[Misfit]:
    if place[-1] == END:
        yield Misfit(place, f'"{END}" 是“到此结束”的意思，不能当一幕的名字', "换一个名字")
    if not isinstance(scene, Mapping):
        yield Misfit(place, "一幕应当是一组 “名字: 内容”", LIKE)
        return
    yield from _texts(scene, place, SCENE, set(), {"lines", "choices", "take"})
    yield from _take(scene, place, needed=False)
    lines = scene.get("lines")
    if not _is_list(lines) or not 1 <= len(lines) <= MOST_LINES:
        yield Misfit((*place, "lines") if "lines" in scene else place, f'"lines" 要写 1 到 {MOST_LINES} 句', LIKE)
    else:
        yield from (fault for number, line in enumerate(lines) for fault in _line(line, (*place, "lines", number)))
    if "choices" in scene:
        yield from _choices(scene["choices"], (*place, "choices"), scenes)


def _line(line: Any, place: Place) -> Iterator[Misfit]:
    """Yield what is wrong with a line: a text, or who says it and what."""
    words, speaker = line, "旁白"
    if isinstance(line, Mapping) and len(line) == 1:
        speaker, words = next(iter(line.items()))
    if not isinstance(words, str) or not isinstance(speaker, str) or not words.strip() or not speaker.strip():
        yield Misfit(place, "一句话写成文字（旁白），或写成 “谁: 说什么”", "像数字的文字要加引号")
    elif len(words) > LINE or len(speaker) > SPEAKER:
        yield Misfit(place, f"这一句太长，一句最多 {LINE} 个字，名字最多 {SPEAKER} 个字", "分成几句")


def _choices(choices: Any, place: Place, scenes: Mapping[str, Any]) -> Iterator[Misfit]:
    if not isinstance(choices, Mapping) or not 1 <= len(choices) <= MOST_CHOICES:
        yield Misfit(place, f'"choices" 要写 1 到 {MOST_CHOICES} 个选择，例如 A: {{text: …, next: …}}', LIKE)
        return
    for key, choice in choices.items():
        within = (*place, key)
        if not isinstance(choice, Mapping):
            yield Misfit(within, "一个选择应当是一组 “名字: 内容”", LIKE)
            continue
        yield from _texts(choice, within, CHOICE, {"text", "next"}, set())
        after = choice.get("next", END)
        if isinstance(after, str) and after not in scenes and after != END:
            yield Misfit((*within, "next"), f'没有叫 "{after}" 的一幕', f"改成 scenes 里有的名字，或写 {END}")


def _texts(
    data: Mapping[str, Any], place: Place, known: Mapping[str, int], needed: set[str], others: set[str]
) -> Iterator[Misfit]:
    """Yield names that mean nothing, texts that are missing, and what is no text or too long a one."""
    for name in data:
        if name not in known and name not in others:
            yield Misfit((*place, name), f'没有 "{name}" 这个名字', f"只能写 {'、'.join([*known, *sorted(others)])}")
    for name in sorted(needed - data.keys()):
        yield Misfit(place, f'少了 "{name}"', "补上它")
    for name, longest in known.items():
        value = data.get(name, "-")
        if not isinstance(value, str) or not value.strip():
            yield Misfit((*place, name), f'"{name}" 应当是文字', "写成文字；像数字的文字要加引号")
        elif len(value) > longest:
            yield Misfit((*place, name), f'"{name}" 太长，最多 {longest} 个字', "写短一些")


def _take(data: Mapping[str, Any], place: Place, needed: bool) -> Iterator[Misfit]:
    take = data.get("take", () if not needed else None)
    if not _is_list(take) or (needed and not take) or len(take) > MOST_TAKE:
        where = (*place, "take") if "take" in data else place
        yield Misfit(where, f'"take" 要写 1 到 {MOST_TAKE} 句带走的话', "写成列表，每行一个 “- ”")
        return
    for number, each in enumerate(take):
        if not isinstance(each, str) or not each.strip() or len(each) > TAKE:
            yield Misfit((*place, "take", number), f"带走的话应当是文字，最多 {TAKE} 个字", "改成一句短话")


def _ways(data: Mapping[str, Any]) -> Iterator[Misfit]:
    """Yield the scenes nobody gets to, and those nobody gets out of."""
    scenes = data["scenes"]
    after = {name: {each["next"] for each in scene.get("choices", {}).values()} or {END} for name, scene in scenes.items()}
    seen = _closure({data.get("start", next(iter(scenes)))}, after)
    before = {name: {other for other in after if name in after[other]} for name in [*after, END]}
    ending = _closure({END}, before)
    for name in scenes:
        if name not in seen:
            yield Misfit(("scenes", name), f'没有一条路走到 "{name}" 这一幕', "让某个选择的 next 指到它，或删掉它")
        elif name not in ending:
            yield Misfit(("scenes", name), f'从 "{name}" 这一幕走不到结尾', f"让某个选择的 next 指到没有选择的一幕，或写 {END}")


def _closure(begin: set[str], after: Mapping[str, set[str]]) -> set[str]:
    found, new = set(begin), set(begin)
    while new:
        new = {each for name in new for each in after.get(name, ())} - found
        found |= new
    return found


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str)
