"""Who gets in, what a form must carry, what is said when something is wrong."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from banyan.accounts.passwords import hash_password
from banyan.portal.forms import fresh_token, token_holds
from banyan.portal.registry import Routes, declared
from banyan.records.engine import writing
from banyan.records.people import Person
from tests.portal.conftest import PORTAL, World

JSON = {"accept": "application/json"}


def test_a_page_sends_a_stranger_to_sign_in_and_back(world: World) -> None:
    reply = world.as_(None).get("/courses")
    assert (reply.status_code, reply.headers["location"]) == (302, f"/hub/login?next={PORTAL}/courses")


def test_a_fetch_is_told_that_it_must_sign_in(world: World) -> None:
    reply = world.as_(None).get("/courses", headers=JSON)
    assert reply.status_code == 401
    assert "重新登录" in reply.json()["message"]


def test_a_form_of_a_stranger_is_not_lost_in_a_redirect(world: World) -> None:
    reply = world.as_(None).post("/password")
    assert reply.status_code == 401
    assert "请重新登录" in reply.text


def test_a_hub_that_does_not_answer_is_said_in_plain_words(world: World) -> None:
    world.door.shut = True
    reply = world.as_(world.hall.learner.person).get("/")
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "30"
    assert "登录服务正在重启" in reply.text


def test_whoever_the_records_do_not_know_reads_whom_to_ask(world: World) -> None:
    stranger = Person(staff_number="99999999", handle="x", name="路人", created_at=datetime.now(UTC))
    reply = world.as_(stranger).get("/")
    assert reply.status_code == 404
    assert "名册里没有这个工号" in reply.text


def test_whoever_has_left_gets_in_no_more(world: World) -> None:
    person = world.hall.learner.person
    with writing(world.hall.make) as session:
        session.get_one(Person, person.id).left_on = date(2026, 11, 1)
    assert world.as_(person).get("/").status_code == 404


@pytest.mark.parametrize(
    "seal",
    [pytest.param("", id="none"), pytest.param("0" * 80, id="made up"), pytest.param("foreign", id="of somebody else")],
)
def test_a_form_without_the_seal_of_its_session_changes_nothing(world: World, seal: str) -> None:
    visit = world.as_(world.hall.learner.person)
    visit.get("/courses")
    other = world.as_(world.hall.neighbour.person)
    other.get("/courses")
    visit.seal = other.seal if seal == "foreign" else seal
    reply = visit.post("/courses/x-1-reporter/exam")
    assert reply.status_code == 403
    assert "放得太久" in reply.text


def test_a_seal_holds_for_its_session_and_differs_every_time() -> None:
    one, two = fresh_token(b"s", "a"), fresh_token(b"s", "a")
    assert one != two
    assert token_holds(b"s", "a", one)
    assert not token_holds(b"s", "b", one)
    assert not token_holds(b"other", "a", one)


def test_an_initial_password_must_be_replaced_first(world: World) -> None:
    visit = world.as_(with_password(world))
    for path in ("/", "/courses", "/exams/1"):
        assert visit.get(path).headers["location"] == f"{PORTAL}/password"
    assert visit.get("/courses", headers=JSON).status_code == 403
    assert "先换一个自己的密码" in visit.get("/password").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        pytest.param({"old": "wrong-one", "new": "long enough", "again": "long enough"}, "现在的密码不对", id="wrong old one"),
        pytest.param({"old": "first-one", "new": "short", "again": "short"}, "新密码太短", id="too short"),
        pytest.param({"old": "first-one", "new": "long enough", "again": "another one"}, "两次输入的新密码不一样", id="mistyped"),
        pytest.param({}, "现在的密码不对", id="nothing"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(world: World, form: dict[str, str], says: str) -> None:
    visit = world.as_(with_password(world))
    visit.get("/password")
    reply = visit.post("/password", form)
    assert reply.status_code == 422
    assert says in reply.text


def test_a_new_password_opens_the_house(world: World) -> None:
    visit = world.as_(with_password(world))
    visit.get("/password")
    reply = visit.post("/password", {"old": "first-one", "new": "long enough", "again": "long enough"})
    assert (reply.status_code, reply.headers["location"]) == (303, f"{PORTAL}/")
    assert visit.get("/learning").status_code == 200


def with_password(world: World) -> Person:
    with writing(world.hall.make) as session:
        person = session.get_one(Person, world.hall.learner.person.id)
        person.password_hash, person.must_change_password = hash_password("first-one"), True
        return person


def test_signing_out_needs_the_seal_and_leads_out(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    visit.get("/courses")
    assert visit.post("/logout").headers["location"] == "/hub/logout"
    assert visit.get("/logout").status_code == 405


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/logout", 405), ("/exams/none/result", 422), ("/exams/7", 404)]
)
def test_every_fault_has_a_page_with_a_way_on(world: World, path: str, status: int) -> None:
    reply = world.as_(world.hall.learner.person).get(path)
    assert reply.status_code == status
    assert "回到首页" in reply.text
    assert "Traceback" not in reply.text


def test_what_nobody_foresaw_is_one_sentence(open_world: Callable[..., World]) -> None:
    world = open_world(make=None)  # records that cannot be opened
    reply = world.as_(None).get("/health")
    assert reply.status_code == 500
    assert "这是我们的错" in reply.text


def test_a_fault_speaks_the_reader_s_language(world: World) -> None:
    reply = world.as_(world.hall.learner.person, **{"banyan-lang": "en"}).get("/exams/7")
    assert "This exam was not found" in reply.text
    assert '<html lang="en"' in reply.text


def test_a_choice_of_language_and_size_is_kept(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    first = visit.get("/courses?lang=en&size=elder")
    assert '<html lang="en" class="elder">' in first.text
    assert '<html lang="en" class="elder">' in visit.get("/courses").text
    assert '<html lang="en" class="elder">' in visit.get("/courses?lang=klingon&size=huge").text


def test_a_page_takes_nothing_from_elsewhere_and_is_kept_by_nobody(world: World) -> None:
    reply = world.as_(world.hall.learner.person).get("/courses")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["cache-control"] == "private, no-store"
    assert " style=" not in reply.text
    assert "http://" not in reply.text.replace("http://www.w3.org/2000/svg", "")


def test_every_route_says_what_it_needs(world: World) -> None:
    found = declared(world.app)
    assert len(found) == len({(each.method, each.path) for each in found})
    assert {"/services/portal/exams/{attempt}/answers/{slot}", "/services/portal/password"} <= {each.path for each in found}
    with pytest.raises(TypeError):
        Routes().get("/forgotten")  # type: ignore[call-arg]


def test_a_route_past_the_registry_stops_the_start() -> None:
    routes = Routes()
    routes.router.add_api_route("/hidden", lambda: None)
    assert not routes.all_declared


def test_health_reads_the_records(world: World) -> None:
    assert world.as_(None).get("/health").json() == {"ok": True}
