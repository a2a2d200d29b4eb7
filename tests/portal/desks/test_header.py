"""The header of a desk: where one is, is marked, also behind 更多; a learner has nothing folded away."""

import pytest

from banyan.portal.registry import PORTAL
from tests.portal.office import Office


@pytest.mark.parametrize(
    ("who", "path", "here"), [("周建国", "/county", True), ("周建国", "/coverage", False), ("林秀英", "/learning", None)]
)
def test_the_header_marks_where_one_is(office: Office, who: str, path: str, here: bool | None) -> None:
    header = office.browser(who).get(PORTAL + path).text.partition("</header>")[0]
    assert f'href="{PORTAL}{path}" aria-current="page"' in header
    assert ('<details class="more' in header) is (here is not None)
    assert ('class="more here"' in header) is bool(here)


@pytest.mark.parametrize("path", ["/classes/abc", "/people/abc"])
def test_whoever_mistypes_an_address_keeps_their_own_way_round(office: Office, path: str) -> None:
    reply = office.browser("周建国").get(PORTAL + path)
    assert reply.status_code == 422
    assert f'href="{PORTAL}/coverage"' in reply.text.partition("</header>")[0]
