"""Language and size: kept with the person by a form, in a cookie by a link, never by a link of another site."""

import pytest

from banyan.records.engine import reading
from banyan.records.people import Person
from tests.portal.conftest import PORTAL, Visit, World


@pytest.fixture
def lin(world: World) -> Visit:
    return world.as_(world.hall.learner.person)


def chosen(world: World) -> tuple[str, str]:
    with reading(world.hall.make) as session:
        person = session.get_one(Person, world.hall.learner.person.id)
        return person.language, person.text_size


def test_a_choice_is_kept_with_the_person_and_leads_back(world: World, lin: Visit) -> None:
    page = lin.get("/people?q=x&lang=en").text
    assert f'name="back" value="{PORTAL}/people?q=x"' in page
    reply = lin.post("/preferences", {"lang": "zh-Hant", "back": f"{PORTAL}/courses?a=1"})
    assert (reply.status_code, reply.headers["location"]) == (303, f"{PORTAL}/courses?a=1")
    assert "banyan-lang=zh-Hant" in reply.headers["set-cookie"]
    assert chosen(world) == ("zh-Hant", "")
    assert '<html lang="zh-Hant"' in lin.get("/courses").text


def test_a_size_chosen_later_leaves_the_language_alone(world: World, lin: Visit) -> None:
    lin.get("/courses")
    lin.post("/preferences", {"lang": "en"})
    lin.post("/preferences", {"size": "elder"})
    assert chosen(world) == ("en", "elder")


def test_a_link_sets_a_cookie_and_remembers_nothing(world: World, lin: Visit) -> None:
    assert "banyan-lang=en" in lin.get("/courses?lang=en&size=elder").headers["set-cookie"]
    assert chosen(world) == ("", "")


def test_what_we_do_not_speak_is_not_kept(world: World, lin: Visit) -> None:
    lin.get("/courses")
    reply = lin.post("/preferences", {"lang": "<script>", "size": "huge", "back": "//evil.example/x"})
    assert reply.headers["location"] == "/evil.example/x" or reply.headers["location"] == "/x"
    assert "set-cookie" not in reply.headers
    assert chosen(world) == ("", "")


def test_without_the_seal_nothing_is_remembered(world: World, lin: Visit) -> None:
    assert lin.post("/preferences", {"lang": "en", "csrf": "0" * 80}).status_code == 403
    assert chosen(world) == ("", "")


def test_a_stranger_reads_the_browser_s_language_and_chooses_by_a_link(world: World) -> None:
    stranger = world.as_(None)
    page = stranger.client.get("/verify/", headers={"accept-language": "zh-TW,zh;q=0.9"}).text
    assert '<html lang="zh-Hant"' in page
    assert 'href="?lang=en"' in page
    assert "preferences" not in page


def test_after_a_form_one_comes_back_to_where_the_form_stood(lin: Visit) -> None:
    lin.get("/password")
    page = lin.post("/password", {"old": "x", "new": "y", "again": "z"}, headers={"referer": f"http://h{PORTAL}/password"}).text
    assert f'name="back" value="{PORTAL}/password"' in page
