import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.wording import FORBIDDEN, check_words
from banyan.errors import BadInputError

HIDDEN = st.sampled_from([" ", "\u3000", "\n", "\u200b", "·", "-", "　", "\u00ad", "“"])


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_title_may_not_claim(word: str) -> None:
    with pytest.raises(BadInputError, match=word):
        check_words("培训考核合格证明", f"报告员{word}证书")


@given(st.sampled_from(FORBIDDEN), HIDDEN)
def test_nothing_put_between_hides_a_claim(word: str, hidden: str) -> None:
    with pytest.raises(BadInputError):
        check_words(f"榕溪县{hidden.join(word)}证明")


@pytest.mark.parametrize("title", ["國家級證書", "職業資格證", "全國通用"])
def test_traditional_characters_hide_no_claim(title: str) -> None:
    with pytest.raises(BadInputError):
        check_words(title)


@pytest.mark.parametrize("title", ["培训考核合格证明", "突发事件信息报告员培训合格证", "榕溪县社会工作部"])
def test_what_a_county_may_give_passes(title: str) -> None:
    check_words(title)
