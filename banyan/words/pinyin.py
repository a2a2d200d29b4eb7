"""How a name is typed in Latin letters: chenxiaoming and cxm for 陈晓明, so that people are found without an input method.

Signs are read one by one, a surname as surnames are (曾 is Zeng, 单 Shan): phrases of a dictionary mislead in names.
"""

import os
from functools import lru_cache

os.environ |= {"PYPINYIN_NO_PHRASES": "true", "PYPINYIN_NO_DICT_COPY": "true"}  # of no use here, and 44 MB in every process
from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "任": "ren", "盖": "ge", "缪": "miao",
    "朴": "piao", "尉": "wei", "宁": "ning", "翟": "zhai", "乐": "yue", "员": "yun", "繁": "po", "冼": "xian", "洗": "xian",
    "召": "shao", "纪": "ji", "覃": "qin", "那": "na", "折": "she", "黑": "he", "秘": "bi", "重": "chong", "种": "chong",
}  # fmt: skip
COMPOUND = {"尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "单于": ("chan", "yu"), "澹台": ("tan", "tai")}


@lru_cache(maxsize=100)  # asked in full, then for the initials
def spelt(name: str) -> tuple[str, str]:
    """Return a name in full and by its initials, small letters only; what is no Chinese sign stays, without blanks."""
    signs = [each for each in name.lower() if not each.isspace() and each not in "·•.-'"]
    syllables = [*COMPOUND.get("".join(signs[:2]), ())]
    for each in signs[len(syllables) :]:
        syllables.append(SURNAMES[each] if not syllables and each in SURNAMES else _read(each))
    return "".join(syllables), "".join(each[:1] for each in syllables)


@lru_cache(maxsize=30_000)
def _read(sign: str) -> str:
    return lazy_pinyin(sign, style=Style.NORMAL, v_to_u=False)[0].replace("ü", "v")
