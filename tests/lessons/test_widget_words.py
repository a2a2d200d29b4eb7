from banyan.lessons.widget_words import as_read
from banyan.portal.i18n import language
from banyan.words.language import CHINESE, ENGLISH, TRADITIONAL
from tests.widgets.test_chart import BARS
from widgets import show

OUTPUT = {"output_type": "execute_result", "data": {"text/html": show(BARS)._repr_html_()}, "metadata": {"trusted": True}}


def test_a_chart_says_as_a_table_in_the_readers_language() -> None:
    read = {code: as_read(OUTPUT, language(code))["data"]["text/html"] for code in (CHINESE, TRADITIONAL, ENGLISH)}
    assert [">用表格看<" in read[CHINESE], ">As a table<" in read[ENGLISH]] == [True, True]
    assert "三組先去。" in read[TRADITIONAL]


def test_an_output_that_is_no_html_is_left_as_it_is() -> None:
    printed = {"output_type": "stream", "text": "三组"}
    assert as_read(printed, language(ENGLISH)) == printed
