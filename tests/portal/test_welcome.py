"""The first minute after a slip: text size once, digits or a password, on the phone the slip was used on."""

import pytest
from sqlalchemy import select

from banyan.accounts.admission import Caller
from banyan.accounts.device_cookie import COOKIE
from banyan.accounts.entering import redeem
from banyan.accounts.passwords import fits
from banyan.accounts.slips import issue_slips
from banyan.domain.consent import VERSION, Consent
from banyan.records.engine import reading, writing
from banyan.records.entry import Device
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.consents import said_of
from tests.county import COURSE, NOW, TODAY
from tests.portal.conftest import PORTAL, Visit, World

KEY = b"entry of this test"
EASY = [("123456", "连着的"), ("000000", "重复的"), ("680523", "像生日"), ("12", "正好6位")]


def arrive(world: World, person: Person) -> Visit:
    """Let somebody use a slip, and return the browser they did it in."""
    with writing(world.hall.make) as session:
        row = session.get_one(Person, person.id)
        slip = issue_slips(session, [row], KEY, None, NOW)[0]
        token = redeem(session, slip.token, KEY, Caller("10.0.0.7"), NOW).token
    return world.as_(person, **{COOKIE: token})


def row(world: World, person: Person) -> Person:
    with reading(world.hall.make) as session:
        return session.get_one(Person, person.id)


def choose_size(visit: Visit, size: str = "elder"):
    visit.get("/welcome")
    return visit.post("/welcome/size", {"size": size})


def test_a_learner_chooses_text_and_digits_and_is_in(world: World) -> None:
    learner = world.hall.learner.person
    visit = arrive(world, learner)
    assert visit.get("/").headers["location"] == f"{PORTAL}/welcome"
    assert "哪种字看着舒服" in visit.get("/welcome").text
    reply = choose_size(visit)
    assert "banyan-size=elder" in reply.headers["set-cookie"]
    assert row(world, learner).text_size == "elder"
    assert "挑6位数字" in visit.get("/welcome").text
    done = visit.post("/welcome/pin", {"pin": "481527"})
    assert "481 527" in done.text
    assert "no-store" in done.headers["cache-control"]
    assert visit.get("/learning").status_code == 200
    assert visit.get("/welcome").headers["location"] == f"{PORTAL}/"


def test_text_size_is_asked_once(world: World) -> None:
    learner = world.hall.learner.person
    choose_size(arrive(world, learner), "normal")
    assert "挑6位数字" in arrive(world, learner).get("/welcome").text


def digits_chosen(visit: Visit) -> str:
    choose_size(visit)
    visit.get("/welcome")
    return visit.post("/welcome/pin", {"pin": "481527"}).text


def test_the_first_task_is_one_tap_from_the_digits(world: World) -> None:
    learner = world.hall.learner.person
    with writing(world.hall.make) as session:
        programme = world.hall.rulebook.programmes[0].code
        session.add(Assignment(person_id=learner.id, programme=programme, due_on=TODAY, assigned_at=NOW))
    lesson = world.hall.rulebook.catalogue.newest(COURSE).lessons[0]
    visit = arrive(world, learner)
    page = digits_chosen(visit)
    assert f"从第1课“{lesson.title.zh}”学起" in page
    reply = visit.post("/welcome/consent", {"given": "yes"})
    assert reply.headers["location"] == f"/services/lessons/{COURSE}/{lesson.name}"


def test_who_has_nothing_to_learn_yet_is_led_to_the_first_page(world: World) -> None:
    visit = arrive(world, world.hall.learner.person)
    digits_chosen(visit)
    assert visit.post("/welcome/consent", {"given": "no"}).headers["location"] == f"{PORTAL}/"


@pytest.mark.parametrize(("given", "agreed"), [("yes", True), ("no", False), ("", False), ("<b>", False)])
def test_the_tap_that_leads_on_says_yes_or_no_and_is_kept_with_the_version(world: World, given: str, agreed: bool) -> None:
    visit = arrive(world, world.hall.learner.person)
    assert "这里留您哪些资料" in visit.get("/welcome").text
    digits_chosen(visit)
    visit.post("/welcome/consent", {"given": given})
    with reading(world.hall.make) as session:
        said = said_of(session, world.hall.learner.person.id, Consent.REMINDERS)
    assert said
    assert (said.given, said.version) == (agreed, VERSION)


@pytest.mark.parametrize(("pin", "says"), EASY)
def test_easy_digits_are_refused_with_the_reason(world: World, pin: str, says: str) -> None:
    learner = world.hall.learner.person
    visit = arrive(world, learner)
    choose_size(visit)
    visit.get("/welcome")
    reply = visit.post("/welcome/pin", {"pin": pin})
    assert (reply.status_code, says in reply.text) == (422, True)
    assert row(world, learner).must_change_password


def test_whoever_still_sees_their_digits_may_choose_others(world: World) -> None:
    visit = arrive(world, world.hall.learner.person)
    choose_size(visit)
    visit.get("/welcome")
    visit.post("/welcome/pin", {"pin": "481527"})
    visit.post("/welcome/again", {"pin": "000000"})
    assert visit.get("/learning").status_code == 200, "wrong digits change nothing"
    assert visit.post("/welcome/again", {"pin": "481527"}).status_code == 303
    assert "挑6位数字" in visit.get("/welcome").text


def test_who_bears_a_charge_chooses_a_password_and_no_digits(world: World) -> None:
    trainer = world.hall.trainer.person
    visit = arrive(world, trainer)
    choose_size(visit)
    assert "设一个自己的密码" in visit.get("/welcome").text
    assert visit.post("/welcome/pin", {"pin": "481527"}).status_code == 303
    assert "不一样" in visit.post("/welcome/password", {"new": "words of mine", "again": "others"}).text
    assert "太短" in visit.post("/welcome/password", {"new": "short", "again": "short"}).text
    assert visit.post("/welcome/password", {"new": "words of mine", "again": "words of mine"}).status_code == 303
    assert fits("words of mine", row(world, trainer).password_hash)
    with reading(world.hall.make) as session:
        assert session.scalars(select(Device.pin_hash)).one() is None


@pytest.mark.parametrize("cookie", ["", "A" * 22, "neighbour"])
def test_a_phone_the_slip_was_not_used_on_chooses_nothing(world: World, cookie: str) -> None:
    learner = world.hall.learner.person
    arrive(world, learner)
    other = arrive(world, world.hall.neighbour.person).client.cookies[COOKIE] if cookie == "neighbour" else cookie
    visit = world.as_(learner, **{COOKIE: other})
    assert "请用登录条再进来一次" in visit.get("/welcome").text
    for path, form in (("pin", {"pin": "481527"}), ("password", {"new": "words of mine", "again": "words of mine"})):
        assert visit.post(f"/welcome/{path}", form).headers["location"] == f"{PORTAL}/welcome"
    assert row(world, learner).must_change_password


def test_who_has_a_password_cannot_choose_one_past_the_old(world: World) -> None:
    trainer = world.hall.trainer.person
    visit = arrive(world, trainer)
    choose_size(visit)
    visit.get("/welcome")
    visit.post("/welcome/password", {"new": "words of mine", "again": "words of mine"})
    visit.post("/welcome/password", {"new": "of a passer-by", "again": "of a passer-by"})
    assert fits("words of mine", row(world, trainer).password_hash)
