"""From what somebody typed off a paper notice to a value that can be dialled, read aloud and printed; or a sentence why not.

Values are JSON: a phone and a title are texts, clocks `{"oral": 5, "written": 30}`, warnings a list of `{"colour", "when",
"act"}`, numbers and the chain a list of `{"who", "phone"}`, where a step of the chain may point to another setting instead:
`{"who", "of": "duty_phone"}`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from banyan.domain.county import Kind, Setting
from banyan.domain.wording import check_words
from banyan.errors import BadInputError

Value = Any
COLOURS = ("blue", "yellow", "orange", "red")
"""As they rise."""
POINTS = {"镇值班": "duty_phone", "卫生院": "clinic_phone", "县应急": "county_emergency", "县疾控": "county_cdc"}
"""What stands in the place of a number where each township has its own."""
EVERYBODYS = ("110", "119", "120", "122")
MOST_LINES, MOST_NAME, MOST_TEXT, MOST_TITLE = 8, 20, 60, 30
LONGEST_CLOCK = 240  # minutes

DASHES = re.compile(r"[‐‑‒–—―−－ー_]")
LABEL = re.compile(r"^[^\d+]{1,12}:")
AREA = re.compile(r"^\((0\d{2,3})\)-?")
SEVERAL = re.compile(r"[、,;/|]|或|和")
EXTENSION = re.compile(r"(?:转|ext\.?)-?(\d{1,6})$", re.IGNORECASE)
NUMBER = re.compile(r"\+?\d+(-\d+)*", re.ASCII)


def parse(setting: Setting, given: Any) -> Value:
    """Return the value of a setting, or raise BadInputError; a picture is not among them."""
    return PARSERS[setting.kind](given, setting.name)


def phone(given: Any, name: str) -> str:
    """Return one number as people write it, e.g. 0591-1234567 or 0591-1234567转801."""
    text = _joined(given, 64)
    if not text:
        raise BadInputError("{name}还没有填号码", name=name)
    text = AREA.sub(r"\1-", LABEL.sub("", DASHES.sub("-", text)))
    if SEVERAL.search(text):
        raise BadInputError("{name}这里只填一个号码；另一个可以写进“其他常用电话”", name=name)
    inner = EXTENSION.search(text)
    number = EXTENSION.sub("", text)
    if not NUMBER.fullmatch(number):
        raise BadInputError("{name}“{text}”不像电话号码；只写数字，区号后面可以加“-”", name=name, text=text[:30])
    _check_length(number, name)
    return number + (f"转{inner[1]}" if inner else "")


def tel(number: str) -> str:
    """Return what stands behind `tel:`; an extension is dialled after a pause."""
    main, _, inner = number.partition("转")
    return main.replace("-", "") + (f",{inner}" if inner else "")


def own_phone(given: Any, name: str) -> str:
    number = phone(given, name)
    if number in EVERYBODYS:
        raise BadInputError("{name}不能填{number}，那是全国统一的号码；请填本地值班室自己的", name=name, number=number)
    return number


def phones(given: Any, name: str) -> list[dict[str, str]]:
    lines = [{"who": who, "phone": phone(number, who)} for who, number in _lines(given, name)]
    if not lines:
        raise BadInputError("{name}至少要写一行", name=name)
    return lines


def chain(given: Any, name: str) -> list[dict[str, str]]:
    """A step without a number is somebody one tells in person; at least one step can be rung."""
    steps = [_step(who, number) for who, number in _lines(given, name)]
    if not any(each.get("phone") or "of" in each for each in steps):
        raise BadInputError("{name}里至少要有一个打得通的电话", name=name)
    return steps


def _step(who: str, number: Any) -> dict[str, str]:
    pointed = POINTS.get(_joined(number, 64))
    if pointed:
        return {"who": who, "of": pointed}
    return {"who": who, "phone": phone(number, who) if _joined(number, 64) else ""}


def warnings(given: Any, name: str) -> list[dict[str, str]]:
    rows = given if isinstance(given, Mapping) else {}
    return [_warning(colour, rows.get(colour), name) for colour in COLOURS]


def _warning(colour: str, given: Any, name: str) -> dict[str, str]:
    when, act = given if isinstance(given, tuple | list) and len(given) == 2 else ("", "")
    told = {"colour": colour, "when": text(when, MOST_TEXT, name), "act": text(act, MOST_TEXT, name)}
    if not told["when"] or not told["act"]:
        raise BadInputError("{name}：四种颜色都要填“多大的雨”和“做什么”；本县不发的颜色写“本县不发”", name=name)
    return told


def clocks(given: Any, name: str) -> dict[str, int]:
    oral, written = given if isinstance(given, tuple | list) and len(given) == 2 else ("", "")
    told = {"oral": _minutes(oral, name), "written": _minutes(written, name)}
    if told["oral"] > told["written"]:
        raise BadInputError("{name}：口头首报的时间不能比书面的长", name=name)
    return told


def title(given: Any, name: str) -> str:
    told = text(given, MOST_TITLE, name)
    if not told:
        raise BadInputError("{name}是空的；要改回原来的，请点“清空”", name=name)
    check_words(told)
    return told


def rule(given: Any, name: str) -> bool:
    """A rule stands or is not filled in at all."""
    if given != "yes":
        raise BadInputError("要这样规定，请勾上“{name}”；不要求的，不用填", name=name)
    return True


def text(given: Any, most: int, name: str) -> str:
    """Return one line of plain text without what cannot be seen; BadInputError if it is longer than `most`."""
    shown = "".join(sign if sign.isprintable() else " " for sign in given) if isinstance(given, str) else ""
    told = " ".join(shown.split())
    if len(told) > most:
        raise BadInputError("{name}最多写{most}个字，现在有{count}个", name=name, most=most, count=len(told))
    return told


def _lines(given: Any, name: str) -> list[tuple[str, Any]]:
    pairs = [each for each in given if isinstance(each, tuple | list) and len(each) == 2] if isinstance(given, list) else []
    lines = [(text(who, MOST_NAME, name), number) for who, number in pairs]
    written = [(who, number) for who, number in lines if who or _joined(number, 64)]
    if any(not who for who, _ in written):
        raise BadInputError("{name}：有号码的那一行要写明打给谁", name=name)
    if len(written) > MOST_LINES:
        raise BadInputError("{name}最多写{most}行", name=name, most=MOST_LINES)
    return written


def _minutes(given: Any, name: str) -> int:
    told = _joined(given, 10).removesuffix("分钟")
    if not re.fullmatch(r"\d{1,3}", told, re.ASCII) or not 1 <= int(told) <= LONGEST_CLOCK:
        raise BadInputError("{name}要填1到{most}之间的整数，单位是分钟", name=name, most=LONGEST_CLOCK)
    return int(told)


def _check_length(number: str, name: str) -> None:
    digits = number.lstrip("+").replace("-", "")
    if digits.startswith("1") and 8 <= len(digits) <= 13 and len(digits) != 11:
        raise BadInputError("{name}：手机号是11位，这里有{count}位", name=name, count=len(digits))
    whole = 10 <= len(digits) <= 12 if digits.startswith("0") else 3 <= len(digits) <= 15
    if not whole:
        raise BadInputError("{name}：号码有{count}位，多了或少了；座机请连区号一起写", name=name, count=len(digits))


def _joined(given: Any, most: int) -> str:
    """Return what was typed in plain half-width signs without any blank; a whole number read from a sheet is digits again."""
    told = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    return "".join(unicodedata.normalize("NFKC", told[: most * 2]).split())[:most]


PARSERS: Mapping[Kind, Callable[[Any, str], Value]] = {
    Kind.PHONE: own_phone,
    Kind.PHONES: phones,
    Kind.CHAIN: chain,
    Kind.WARNINGS: warnings,
    Kind.CLOCKS: clocks,
    Kind.TITLE: title,
    Kind.RULE: rule,
}
