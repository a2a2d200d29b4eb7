"""Every word of the interface has its English; dates are said the county's way."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from banyan.lessons import widget_words
from banyan.portal import i18n
from banyan.portal.extraction import Message, messages
from banyan.portal.i18n import language
from banyan.settings import HOUSE
from widgets import chart, dialogue, panel

CATALOGUES = i18n.catalogues("en")
EVERY = list(messages())
FIELDS = re.compile(r"{(\w*)")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def english(message: Message) -> list[str]:
    spoken = language("en")
    return list(spoken.counted.get(message.words, ())) if message.counted else [spoken.messages.get(message.words, "")]


def test_every_message_has_its_english() -> None:
    missing = sorted({f"{each.place}: {each.words}" for each in EVERY if not all(english(each) or [""])})
    assert not missing, "\n".join(missing)


def test_a_translation_fills_in_the_same_things() -> None:
    differ = [
        f"{each.place}: {each.words} → {words}"
        for each in EVERY
        for words in english(each)
        if words and (set(FIELDS.findall(words)) ^ set(FIELDS.findall(each.words))) - ({"n"} if each.counted else set())
    ]
    assert not differ, "\n".join(differ)


def test_english_has_no_chinese_but_quotations() -> None:
    spoken = language("en")
    found = [words for words in spoken.messages.values() if re.search(r"[\u3400-\u9fff]", re.sub(r"“[^”]*”", "", words))]
    assert not found


def test_the_catalogues_say_nothing_twice() -> None:
    ids = [each for path in CATALOGUES for each in re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]
    for path in CATALOGUES:
        with path.open("rb") as file:
            assert not [message.id for message in read_po(file, locale="en") if message.fuzzy]


def test_messages_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "banyan").mkdir()
    (tmp_path / "banyan" / "a.py").write_text(
        'GONE = "走了"\nWHY = {1: "因为"}\nraise NotFoundError(GONE)\nraise NotYetError(WHY[1], n=1)\n'
        'say.count("{n}天", 3)\nN_("记下")\n"、".join([])\ntext.count("，")\nraise HomeError("只给安装的人看")\n'
    )
    (tmp_path / "banyan" / "b.html").write_text('{{ _("你好") }}{{ _n("{n}课", 2) }}<p>没有标记</p>')
    (tmp_path / "banyan" / "c.html.j2").write_text('{{ page._("再见") }}{%- if page.x %}{{ page._n("{n}步", 2) }}{% endif %}')
    found = {(each.words, each.counted) for each in messages(tmp_path)}
    single = {("走了", False), ("因为", False), ("记下", False), ("你好", False), ("再见", False)}
    assert found == single | {("{n}天", True), ("{n}课", True), ("{n}步", True)}


SCRIPTS = sorted([*(HOUSE / "banyan" / "portal" / "assets").rglob("*.js"), *(HOUSE / "widgets").glob("*.js")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_only_what_its_page_gives_it(script: Path) -> None:
    said = COMMENT.sub("", script.read_text(encoding="utf-8"))
    assert not re.findall(r"[\u3400-\u9fff]+", said)


def test_the_page_brings_the_translation_of_all_a_widget_says() -> None:
    said = {panel.LESS, panel.MORE, *(word for widget in (chart, dialogue) for word in widget.WORDS.values())}
    assert set(widget_words.WORDS) == said
    assert set(widget_words.widget_words(language("en"))) == set(widget_words.WORDS)


@pytest.mark.parametrize(
    ("code", "long", "short", "moment"),
    [
        ("zh-Hans", "2026年12月10日", "12月10日", "12月10日 09:05"),
        ("zh-Hant", "2026年12月10日", "12月10日", "12月10日 09:05"),
        ("en", "10 December 2026", "10 Dec", "10 Dec, 09:05"),
    ],
)
def test_days_and_moments_are_the_county_s(code: str, long: str, short: str, moment: str) -> None:
    spoken = language(code)
    assert spoken.day(date(2026, 12, 10)) == long
    assert spoken.short_day(date(2026, 12, 10)) == short
    assert spoken.moment(datetime(2026, 12, 10, 1, 5, tzinfo=UTC)) == moment


@pytest.mark.parametrize(("n", "words"), [(1, "1 day left"), (2, "2 days left"), (0, "0 days left")])
def test_english_counts(n: int, words: str) -> None:
    assert language("en").count("还有{n}天", n) == words
    assert language("zh-Hans").count("还有{n}天", n) == f"还有{n}天"
