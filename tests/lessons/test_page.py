"""The page: what is read at once, what a fault costs, who gets in, and what cannot be had."""

import json
import re

import pytest

from banyan.records.engine import Sessions
from tests.lessons.conftest import (
    GRID_WORKER,
    LEFT,
    LESSONS,
    LIN,
    LOST,
    NEIGHBOUR,
    NEW,
    TOWNS,
    LittleHouse,
    Reader,
    leave,
    lose_phone,
)
from tests.lessons.taught import TRIAL

NOT_HAD = [
    "",
    "x-1",
    "x-1/",
    "x-1/none",
    "none/quiet",
    "x-1/quiet.ipynb",
    "x-1/1/lessons/quiet.ipynb",
    "x-1/..%2f..%2fkeys%2fcookie",
    "..%2f..%2fkeys/cookie",
    "%2e%2e/%2e%2e/banyan.toml",
    "voila/files/x-1/1/private/practice.json",
    "voila/render/x-1/1/lessons/quiet.ipynb",
    "voila/tree",
    "voila/api/contents/",
    "voila/static/voila.js",
    "voila/0.5.13/static/voila.js",
    "voila/0.5.13/static/",
    "voila/0.5.13/static/..%2findex.html.j2",
    "voila/0.5.13/static/%2fetc%2fpasswd",
    "voila/labextensions/jupyterlab_pygments/static/style.js",
    "voila/labextensions/anywidget/package.json",
    "api/kernels/0",
    "x-1/private",
]


def test_all_there_is_to_read_and_see_comes_at_once(lin: Reader) -> None:
    page = lin.lesson("trial").text
    assert "这句话谁都读得到。" in page
    assert re.search(r'<div class="slot here" id="cell-\d+" lang="zh-Hans"><div class="output" data-model="[0-9a-f]{32}">', page)
    state = json.loads(re.search(r'id="widget-state">(.*?)</script>', page)[1])["state"]
    assert "<b>7 天</b>" in {each["state"].get("value") for each in state.values()}
    assert "正在准备" not in page.replace('data-preparing="正在准备', "")


def test_each_line_of_the_source_is_a_line_on_the_page(opened: str) -> None:
    assert re.search(r"这句话谁都读得到。<br ?/?>\s*这是第二行", opened)


def test_a_cell_that_raises_costs_one_sentence(opened: str, little: LittleHouse) -> None:
    assert opened.count('<p class="slot-failed">这一小块暂时打不开，其余内容可以照常学') == 1
    assert "only the author" not in opened
    assert "Traceback" not in opened
    assert "still running" in opened


def test_a_fault_is_in_the_log_once_by_the_line_of_the_lesson(opened: str, lin: Reader, little: LittleHouse) -> None:
    line = TRIAL.split("\n").index('raise ValueError("only the author may read this")') + 1
    told = f"course x-1, lesson trial, release 1: x-1/lessons/trial.md:{line}: ValueError: only the author may read this"
    lin.lesson("trial")
    assert little.log.count(told) == 1


def test_practice_and_what_it_teaches_come_with_the_page(lin: Reader) -> None:
    page = lin.lesson("quiet").text
    table = json.loads(re.search(r'id="practice-table">(.*?)</script>', page)[1])
    assert table["try-it"]['"B"'] == {"right": True, "text": "对。"}
    assert 'data-question="try-it"' in page


def test_a_lesson_that_only_asks_starts_no_kernel(lin: Reader) -> None:
    assert "jupyter-config-data" not in lin.lesson("quiet").text


def test_sources_stand_in_the_foot(lin: Reader) -> None:
    page = lin.lesson("first").text
    assert 'href="#fact-F1"' in page
    for words in ('id="fact-F1"', "《突发事件应对法》第六十条", "2024-11-01", "2026-11-23"):
        assert words in page
    assert "没标出处的做法，是这门课为稳妥要您这样做的，不是法律。" in page


def test_nothing_comes_from_elsewhere(lin: Reader) -> None:
    page = lin.lesson()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert not [each for each in addresses if not each.startswith(("/services/", "#", "tel:", "data:"))]
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_course_on_emergencies_says_whom_to_ring(lin: Reader) -> None:
    page = lin.lesson("quiet").text
    assert re.findall(r'href="tel:([^"]+)"', page) == ["119", "110", "120", "0000-0000000"]
    assert "镇值班<small>示例</small>" in page


@pytest.mark.parametrize("number", [GRID_WORKER, NEIGHBOUR])
def test_each_reader_is_told_the_number_of_their_own_township(stranger: Reader, number: str) -> None:
    page, phone = stranger.sign_in(number).text, TOWNS[number][1]
    assert re.findall(r'href="tel:([^"]+)"', page) == [phone.replace("-", ""), "119", "110", "120", phone.replace("-", "")]
    assert f'<span class="county"><a class="tel" href="tel:{phone.replace("-", "")}">{phone}</a>' in page


def test_what_nobody_has_filled_in_says_whom_to_ask(lin: Reader) -> None:
    page = lin.lesson("quiet").text
    assert page.count("还没填，问村里/镇里") == 2
    assert "data-county" not in page


def test_size_and_language_follow_the_cookies(stranger: Reader) -> None:
    stranger.cookies.update({"banyan-size": "elder", "banyan-lang": "en"})
    page = stranger.sign_in(LIN).text
    assert '<html lang="en" class="elder">' in page
    assert "Only to read" in page


def test_who_is_not_signed_in_goes_to_the_form_and_comes_back(stranger: Reader) -> None:
    assert stranger.get(f"{LESSONS}x-1/quiet").url.path == "/hub/login"
    back = stranger.sign_in(LIN)
    assert back.url.path == f"{LESSONS}x-1/quiet"
    assert "读一读" in back.text


def test_an_initial_password_is_changed_first(stranger: Reader) -> None:
    stranger.sign_in(NEW)
    reply = stranger.get(f"{LESSONS}x-1/quiet", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (302, "/services/portal/password")


def test_who_has_left_is_refused_at_the_next_page(stranger: Reader, records: Sessions) -> None:
    assert stranger.sign_in(LEFT).status_code == 200
    leave(records, LEFT)
    page = stranger.lesson("quiet")
    assert page.status_code == 403
    assert "名册里没有这个工号" in page.text


def test_a_phone_that_was_stopped_opens_no_lesson_any_more(stranger: Reader, records: Sessions) -> None:
    assert stranger.sign_in(LOST).status_code == 200
    lose_phone(records, LOST)
    assert stranger.get(f"{LESSONS}x-1/quiet", follow_redirects=False).status_code == 302
    assert stranger.get(f"{LESSONS}api/state?course=x-1&lesson=quiet").status_code == 403


@pytest.mark.parametrize("path", NOT_HAD)
def test_nothing_but_lessons_can_be_had(lin: Reader, path: str) -> None:
    reply = lin.get(LESSONS + path)
    assert reply.status_code in (403, 404)
    assert "key" not in reply.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_page_is_only_read(lin: Reader, method: str) -> None:
    assert lin.request(method, f"{LESSONS}x-1/quiet", headers=lin.xsrf()).status_code == 405
