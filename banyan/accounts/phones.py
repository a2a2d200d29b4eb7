"""What kind of phone somebody holds, in words its owner knows it by, from what its browser says of itself."""

import re

from banyan.words.language import N_

KINDS = (  # the first whose mark is found
    ("iPhone", N_("苹果手机")),
    ("iPad", N_("平板")),
    ("OpenHarmony", N_("鸿蒙手机")),
    ("HarmonyOS", N_("鸿蒙手机")),
    ("Android", N_("安卓手机")),
    ("Windows", N_("电脑")),
    ("Macintosh", N_("电脑")),
    ("Linux", N_("电脑")),
)
UNKNOWN = N_("手机")
MODEL = re.compile(r"Android [\d.]+; (?:[a-z]{2}-[a-z]{2}; )?([^;)]+?)(?: Build/|[;)])")
NO_MODEL = ("K", "HarmonyOS")  # what stands there in place of one
MOST = 80


def kind_of(agent: str) -> str:
    """Return a kind in Chinese, and after a space the model where one is told: 安卓手机 M2006C3LC."""
    kind = next((words for mark, words in KINDS if mark in agent), UNKNOWN)
    model = MODEL.search(agent)
    told = model[1].strip() if model else ""
    wechat = "微信" if "MicroMessenger" in agent else ""
    return " ".join(filter(None, (kind, "" if told in NO_MODEL else told, wechat)))[:MOST]
