"""When two names mean one unit: 青石 and 青石镇, 溪口村 and 溪口村委会, 第一网格 and 1号网格."""

import re
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from banyan.domain.organisation import UnitLevel
from banyan.tracker.roster.cells import plain

ENDINGS: dict[UnitLevel, tuple[tuple[str, str], ...]] = {  # longest first; the second says of what kind the unit is
    UnitLevel.CITY: (("自治州", "州"), ("地区", "地区"), ("市", "市"), ("州", "州"), ("盟", "盟")),
    UnitLevel.COUNTY: (("自治县", "县"), ("县", "县"), ("市", "市"), ("区", "区"), ("旗", "旗")),
    UnitLevel.TOWN: (
        ("街道办事处", "街道"), ("镇人民政府", "镇"), ("乡人民政府", "乡"), ("街道办", "街道"), ("镇政府", "镇"),
        ("乡政府", "乡"), ("街道", "街道"), ("镇", "镇"), ("乡", "乡"),
    ),
    UnitLevel.COMMUNITY: (
        ("社区居民委员会", "社区"), ("社区居委会", "社区"), ("居民委员会", "社区"), ("居委会", "社区"), ("社区", "社区"),
        ("村民委员会", "村"), ("村委会", "村"), ("行政村", "村"), ("村", "村"),
    ),
}  # fmt: skip
DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}
ALIKE = 0.6


def same_unit(said: str, name: str, level: UnitLevel) -> bool:
    """Say whether a text may mean a unit of this name; a text that names no kind fits every kind."""
    if plain(said) == plain(name):
        return True
    (core, kind), (other, other_kind) = parted(said, level), parted(name, level)
    return bool(core) and core == other and (kind == other_kind or not kind)


@lru_cache(maxsize=20_000)
def parted(name: str, level: UnitLevel) -> tuple[str, str]:
    """Return what a unit is called and of what kind it is, "" if its name does not say."""
    text = plain(name)
    if level is UnitLevel.GRID:
        return _grid(text), ""
    return next(
        ((text[: -len(end)], kind) for end, kind in ENDINGS.get(level, ()) if text.endswith(end) and text != end), (text, "")
    )


@lru_cache(maxsize=20_000)
def stem(name: str) -> str:
    """Return a name without whatever says what kind of place it is: 青石街, 青石镇 and 青石 are one."""
    return re.sub(r"(街道|社区|[街镇乡村区])$", "", plain(name)) or plain(name)


def nearest(said: str, names: list[str]) -> str:
    """Return the name somebody may have meant, "" for none."""
    same = next((each for each in names if stem(each) == stem(said)), "")
    return same or next(iter(get_close_matches(said, names, 1, ALIKE)), "")


def alike(one: str, other: str) -> bool:
    return one != other and (stem(one) == stem(other) or SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _grid(text: str) -> str:
    """第一网格, 一网格, 1网格, 01号网格 and 网格1 are one."""
    bare = re.sub(r"网格|第|号|#", "", text)
    return (
        re.sub(r"[零一二三四五六七八九十]+", lambda found: str(_count(found.group())), re.sub(r"(?<!\d)0+(?=\d)", "", bare))
        or text
    )


def _count(text: str) -> int:
    """Return 23 for 二十三; digits one by one for anything else."""
    if "十" not in text:
        return int("".join(str(DIGITS[each]) for each in text))
    tens, _, ones = text.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return sum(DIGITS.get(each, 10) for each in text)
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
