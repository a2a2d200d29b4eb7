"""Language and size on a lesson's page: chosen there, kept with the person, the lesson in 繁體 where that is read."""

import json
import re

from banyan.records.engine import Sessions, reading
from banyan.records.people import Person
from tests.lessons.conftest import CHEN, LESSONS, Reader

HERE = f"{LESSONS}x-1/quiet"


def seal(page: str) -> str:
    return re.search(r'name="_xsrf" value="([^"]+)"', page)[1]


def choose(reader: Reader, **chosen: str) -> tuple[int, str]:
    form = {"_xsrf": seal(reader.lesson("quiet").text), "back": f"{HERE}#step", **chosen}
    reply = reader.post(f"{LESSONS}api/preferences", data=form, follow_redirects=False)
    return reply.status_code, reply.headers["location"]


def kept(records: Sessions) -> tuple[str, str]:
    with reading(records) as session:
        person = session.query(Person).filter_by(staff_number=CHEN).one()
        return person.language, person.text_size


def test_a_choice_leads_back_and_greets_one_on_the_next_phone(stranger: Reader, new_reader, records: Sessions) -> None:
    stranger.sign_in(CHEN)
    assert choose(stranger, lang="zh-Hant") == (303, f"{HERE}#step")
    assert choose(stranger, size="elder") == (303, f"{HERE}#step")
    assert kept(records) == ("zh-Hant", "elder")
    page = new_reader().sign_in(CHEN, HERE).text
    assert '<html lang="zh-Hant" class="elder">' in page
    assert "讀一讀" in page


def test_a_form_of_another_site_remembers_nothing(stranger: Reader, records: Sessions) -> None:
    stranger.sign_in(CHEN)
    before = kept(records)
    stranger.post(f"{LESSONS}api/preferences", data={"lang": "en", "back": HERE}, follow_redirects=False)
    assert kept(records) == before


def test_whoever_is_signed_out_is_led_back_to_the_page(stranger: Reader) -> None:
    reply = stranger.post(f"{LESSONS}api/preferences", data={"lang": "en", "back": HERE}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, HERE)


def test_a_lesson_is_turned_with_its_questions_and_sources(stranger: Reader) -> None:
    stranger.cookies.set("banyan-lang", "zh-Hant")
    stranger.sign_in(CHEN)
    stranger.cookies.set("banyan-lang", "zh-Hant")
    page = stranger.lesson("first").text
    assert "《突發事件應對法》第六十條" in page
    table = json.loads(re.search(r'id="practice-table">(.*?)</script>', stranger.lesson("quiet").text)[1])
    assert table["try-it"]['"B"']["text"] == "對。"


def test_the_words_around_a_question_are_the_reader_s(stranger: Reader) -> None:
    stranger.sign_in(CHEN)
    choose(stranger, lang="en")
    page = stranger.lesson("quiet").text
    assert 'data-say-check="Check my answer"' in page
    choose(stranger, lang="zh-Hans", size="normal")
