"""The glasses the walk over every page wears see what they should."""

import pytest

from tests.portal.reading import said, without


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        pytest.param("<p>这里<b>没有</b></p>", ["这里", "没有"], id="text"),
        pytest.param('<p lang="zh-Hans">引<br>文<i>着</i></p>后', ["后"], id="a quotation"),
        pytest.param(
            '<img alt="图"><input placeholder="填"><a title="看" href="/这">x</a>', ["图", "填", "看", "x"], id="attributes"
        ),
        pytest.param('<div data-say-check="看看" data-key="键"></div>', ["看看"], id="words for the script"),
        pytest.param(
            '<script id="exam-words">{"a": ["时"], "键": 1}</script><script>"码"</script>', ["时"], id="tables of words"
        ),
        pytest.param("<style>/*里*/</style><svg><title>图</title></svg>", [], id="what nobody reads"),
    ],
)
def test_what_is_read_is_found_and_nothing_else(html: str, texts: list[str]) -> None:
    assert said(html, ["zh-Hans"]) == texts


def test_names_are_taken_out() -> None:
    assert without(["叶后松在这里"], ["叶后松"]) == ["在这里"]
    assert without(["这里"], []) == ["这里"]
