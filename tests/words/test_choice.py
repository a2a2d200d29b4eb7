"""A reader's language: what is asked for, what is kept, what the browser says, in this order."""

import pytest

from banyan.words.choice import LANGUAGE, SIZE, choices, chosen_language, chosen_size, local


@pytest.mark.parametrize(
    ("asked", "kept", "result"),
    [("en", None, "en"), (None, "en", "en"), ("zh-Hant", "en", "zh-Hant"), ("fr", "en", "en"), (None, None, "zh-Hans")],
)
def test_the_language_asked_for_comes_before_the_one_kept(asked: str | None, kept: str | None, result: str) -> None:
    assert chosen_language(asked, kept, "en") == (result if asked or kept else "en")
    assert chosen_language(asked, kept) == result


@pytest.mark.parametrize(
    ("accepted", "result"),
    [
        pytest.param("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant", id="Taiwan"),
        pytest.param("zh-HK", "zh-Hant", id="Hong Kong"),
        pytest.param("zh-Hant-CN", "zh-Hant", id="by script"),
        pytest.param("zh-Hans-HK", "zh-Hans", id="a script beats a place"),
        pytest.param("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", id="mainland"),
        pytest.param("fr, en;q=0.7, zh;q=0.3", "en", id="the first we speak"),
        pytest.param("en;q=0.2, zh-TW;q=0.9", "zh-Hant", id="by weight"),
        pytest.param("en;q=0", "zh-Hans", id="expressly not"),
        pytest.param("fr", "zh-Hans", id="none of ours"),
        pytest.param("en;q=high,,;", "zh-Hans", id="not a header"),
        pytest.param(None, "zh-Hans", id="silence"),
    ],
)
def test_a_stranger_reads_what_their_browser_does(accepted: str | None, result: str) -> None:
    assert chosen_language(None, None, accepted) == result


def test_only_sizes_and_languages_we_have_are_kept() -> None:
    assert choices({"lang": "zh-Hant", "size": "elder"}) == {LANGUAGE: "zh-Hant", SIZE: "elder"}
    assert choices({"lang": "<script>", "size": "huge"}) == {}
    assert chosen_size(None, "huge") == "normal"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/x", "https://evil.example/x", "/\\evil.example", "\\\\evil.example/x", "javascript:x"]
)
def test_the_way_back_never_leads_out_of_the_house(elsewhere: str) -> None:
    assert local(elsewhere).startswith("/")
    assert not local(elsewhere).startswith(("//", "/\\"))


def test_the_way_back_keeps_its_place() -> None:
    assert local("/services/lessons/x-1/first?a=1#step") == "/services/lessons/x-1/first?a=1#step"
