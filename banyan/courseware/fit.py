"""From data to a frozen model, every misfit told at its place and in words a trainer can act on."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from banyan.courseware.faults import Fault, Faults
from banyan.courseware.yaml_source import Place, Source

M = TypeVar("M", bound=BaseModel)

SAID: dict[str, tuple[str, str]] = {
    "missing": ("少了 {name}", "补上它"),
    "extra_forbidden": ("没有 {name} 这个名字", "删掉它，或改成正确的名字"),
    "string_type": ("{name} 应当是文字", "写成文字；像数字的文字要加引号"),
    "int_type": ("{name} 应当是整数", "写一个整数，例如 3"),
    "int_from_float": ("{name} 应当是整数", "写一个整数，例如 3"),
    "float_type": ("{name} 应当是数字", "写一个数字，例如 2.5"),
    "bool_type": ("{name} 应当是 true 或 false", "写 true 或 false"),
    "date_type": ("{name} 应当是日期", "写成 2026-01-31 的样子，不加引号"),
    "dict_type": ("{name} 应当是一组 “名字: 内容”", "照同类文件的样子写"),
    "model_type": ("{name} 应当是一组 “名字: 内容”", "照同类文件的样子写"),
    "tuple_type": ("{name} 应当是一个列表", "写成 [甲, 乙]，或每行一个 “- ”"),
    "frozen_set_type": ("{name} 应当是一个列表", "写成 [甲, 乙]，或每行一个 “- ”"),
    "literal_error": ("{name} 只能是 {expected}", "改成其中一个"),
    "enum": ("{name} 只能是 {expected}", "改成其中一个"),
    "string_pattern_mismatch": ("{name} 的写法不对", "按 {pattern} 的样子写；名字只用字母、数字、- 和 _"),
    "string_too_short": ("{name} 是空的", "写上内容"),
    "string_too_long": ("{name} 太长，最多 {max_length} 个字", "写短一些"),
    "too_short": ("{name} 至少要有 {min_length} 项", "补足"),
    "too_long": ("{name} 最多 {max_length} 项", "删去一些"),
    "greater_than": ("{name} 要大于 {gt}", "改大一些"),
    "greater_than_equal": ("{name} 不能小于 {ge}", "改大一些"),
    "less_than": ("{name} 要小于 {lt}", "改小一些"),
    "less_than_equal": ("{name} 不能大于 {le}", "改小一些"),
}
OTHERWISE = ("{name} 写得不对（{msg}）", "照同类文件的样子写")


def fit(model: type[M], source: Source, faults: Faults, place: Place = (), **given: Any) -> M | None:
    """Return the model of the data at a place, or None with all its faults; `given` are values that the file does not hold."""
    data = part(source.data, place)
    if not isinstance(data, dict):
        faults.append(source.fault(place, f"{_named(place)} 应当是一组 “名字: 内容”", "照同类文件的样子写"))
        return None
    clash = given.keys() & data.keys()
    for each in sorted(clash):
        faults.append(source.fault((*place, each), *_extra(each)))
    return _fitted(model, source, faults, place, data | given)


def part(data: Any, place: Place) -> Any:
    """Return what stands at a place."""
    for each in place:
        data = data[each]
    return data


def _fitted(model: type[M], source: Source, faults: Faults, place: Place, data: dict[str, Any]) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = _first_hand(error.errors(include_url=False))
    faults.extend(fault for each in found for fault in _faults(source, place, each))
    foreign = [each["loc"] for each in found if each["type"] == "extra_forbidden"]
    if len(foreign) == len(found):  # nothing else was looked at as a whole yet: look again without the foreign names
        _fitted(model, source, faults, place, _without(data, {tuple(loc) for loc in foreign}))
    return None


def _first_hand(found: list[Any]) -> list[Any]:
    """Leave out that a list is too short where only its entries are wrong: entries that do not fit were not counted."""
    deeper = {each["loc"][:depth] for each in found for depth in range(len(each["loc"]))}
    return [each for each in found if each["type"] != "too_short" or each["loc"] not in deeper]


def _without(data: Any, foreign: set[tuple[int | str, ...]], here: tuple[int | str, ...] = ()) -> Any:
    if isinstance(data, dict):
        return {key: _without(value, foreign, (*here, key)) for key, value in data.items() if (*here, key) not in foreign}
    if isinstance(data, tuple):
        return tuple(_without(value, foreign, (*here, index)) for index, value in enumerate(data))
    return data


def _faults(source: Source, place: Place, error: Any) -> list[Fault]:
    within: Place = (*place, *error["loc"])
    if error["type"] == "misfit":
        return [source.fault((*within, *each.place), each.fault, each.remedy) for each in error["ctx"]["misfits"]]
    text, remedy = SAID.get(error["type"], OTHERWISE)
    words = {**error.get("ctx", {}), "name": _named(within), "msg": error["msg"]}
    return [source.fault(within, text.format(**words), remedy.format(**words))]


def _extra(name: str) -> tuple[str, str]:
    text, remedy = SAID["extra_forbidden"]
    return text.format(name=f'"{name}"'), remedy


def _named(place: Place) -> str:
    """Return what a reader calls a place: its last name, and which entry of a list."""
    if not place:
        return "文件内容"
    if place[-1] == "[key]":
        return f'名字 "{place[-2]}"'
    if isinstance(place[-1], int):
        return f"{_named(place[:-1])} 的第 {place[-1] + 1} 项"
    return f'"{place[-1]}"'
