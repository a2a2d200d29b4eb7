"""The platform's page: what must be mended comes first with its remedy; nobody but who looks after it may see it."""

from dataclasses import replace

import pytest

from banyan.keeping.finding import Finding, due, good, lost
from banyan.portal.app import create_app
from tests.portal.office import FrontDoor, Office

SEEN = [
    lost("disk", "磁盘快满了，只剩 {left} MB，答卷可能存不下", "马上腾出空间：删旧备份、旧日志，或换大磁盘", left=7),
    due("releases", "还没有发布课程", "请县管理员填好本县设置，再发布课程"),
    good("clock", "时钟正常"),
]


def looked_over(office: Office, findings: list[Finding]) -> Office:
    house = replace(office.house, examine=lambda _now: findings)
    return replace(office, house=house, app=create_app(house, FrontDoor()))


def test_what_must_be_mended_is_said_first_and_with_what_to_do(office: Office) -> None:
    page = looked_over(office, SEEN).browser("何立新").open("/doctor").text
    assert "有1件事要马上处理" in page
    assert page.index("只剩 7 MB") < page.index("马上腾出空间") < page.index("还没有发布课程") < page.index("时钟正常")


def test_it_speaks_english_too(office: Office) -> None:
    page = looked_over(office, SEEN).browser("何立新").open("/doctor?lang=en").text
    assert "7 MB left" in page
    assert "No course is published yet" in page


@pytest.mark.parametrize(
    ("findings", "words"), [(SEEN[2:], "一切正常"), (SEEN[1:], "有1件事要留意"), ([], "请在服务器上运行 banyan doctor")]
)
def test_good_news_and_no_news_are_said_as_well(office: Office, findings: list[Finding], words: str) -> None:
    assert words in looked_over(office, findings).browser("何立新").open("/doctor").text


@pytest.mark.parametrize("name", ["周建国", "黄老师", "陈晓明"])
def test_others_do_not_see_it(office: Office, name: str) -> None:
    assert office.browser(name).open("/doctor").status_code == 403


def test_the_wrong_method_is_refused(office: Office) -> None:
    assert office.browser("何立新").submit("/doctor").status_code == 405
