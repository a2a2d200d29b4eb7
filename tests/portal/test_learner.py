"""What a learner reads: one next step, plain words, their own certificates."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select

from banyan.courseware.exam import Form
from banyan.records.county import CountySetting
from banyan.records.engine import reading, writing
from banyan.records.examinations import Attempt
from banyan.records.learning import Concern, StepDone
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow
from banyan.tracker.concerns import Part, Said, answer, raise_concern
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY
from tests.portal.conftest import PORTAL, World
from tests.portal.learners import ask, certify, graded
from tests.tracker.hall import finish_lessons

CODES = re.compile(r"C\d\.\d|\bL[1-4]\b|\bER\b|ER-T1|OA\b|SIM\b|指标|证据")


def test_nothing_asked_is_an_empty_page_with_a_way_on(world: World) -> None:
    page = world.as_(world.hall.learner.person).get("/").text
    assert "现在没有布置给您的学习" in page
    assert f'href="{PORTAL}/courses"' in page
    assert "还没有证书" in page


STAGES = [
    pytest.param("ask", "开始学习", "/services/lessons/", id="nothing learnt"),
    pytest.param("learn", "去考试", f"{PORTAL}/courses/{COURSE}/exam", id="all learnt"),
    pytest.param("begin", "继续考试", f"{PORTAL}/courses/{COURSE}/exam", id="exam under way"),
    pytest.param("submit", "看交卷回执", f"{PORTAL}/courses/{COURSE}/exam/last", id="handed in"),
    pytest.param("fail", "看看该练什么", f"{PORTAL}/courses/{COURSE}/exam/last", id="not passed"),
    pytest.param("certify", "看我的证书", f"{PORTAL}/certificates/", id="certified"),
]


@pytest.mark.parametrize(("until", "label", "path"), STAGES)
def test_home_has_one_next_step(world: World, until: str, label: str, path: str) -> None:
    come(world, until)
    page = world.as_(world.hall.learner.person).get("/").text
    primary = re.findall(r'<a class="button" href="([^"]+)">([^<]+)<', page)
    assert len(primary) == 1
    assert primary[0][1] == label
    assert primary[0][0].startswith(path)


def test_home_asks_nothing_of_tables_that_know_nothing_of_somebody(world: World) -> None:
    come(world, "ask")
    browser, asked = world.as_(world.hall.learner.person), []
    browser.get("/")
    event.listen(world.hall.make.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))
    browser.get("/")
    tables = {re.search(r"FROM (\w+)", each)[1] for each in asked if " FROM " in each}  # type: ignore[index]
    assert len(asked) <= 9, asked
    assert not tables & {"concern", "certificate", "extra_time", "second_chance", "lab_grant", "first_answer", "charge"}


def come(world: World, until: str) -> None:
    """Let the learner come as far as this."""
    order = ["ask", "learn", "begin", "submit", "fail"]
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id)
        if until == "certify":
            certify(session, world)
            return
        if order.index(until) >= 1:
            finish_lessons(session, world.hall.learner.person.id, world.hall.rulebook)
    if order.index(until) >= 2:
        attempt = world.hall.begin()
    if order.index(until) >= 3:
        submission = world.hall.hand_in(attempt)
    if order.index(until) >= 4:
        with writing(world.hall.make) as session:
            graded(session, submission, 0.5)


READ = ("/", "/courses", f"/courses/{COURSE}", f"/courses/{COURSE}/exam", "/certificates", "/exams/1/result", "/exams/1/receipt")


@pytest.mark.parametrize("until", ["ask", "learn", "submit", "fail", "certify"])
def test_a_learner_never_reads_codes_levels_or_our_nouns(world: World, until: str) -> None:
    come(world, until)
    visit = world.as_(world.hall.learner.person)
    pages = [page for path in READ if (page := visit.get(path)).status_code == 200]
    assert len(pages) >= 4
    for page in pages:
        words = re.sub(r"<code>.*?</code>|<[^>]+>", " ", page.text)  # a receipt's own letters are no words
        assert not CODES.search(words), CODES.search(words)


def test_the_exam_waits_for_the_lessons_and_says_which(world: World) -> None:
    come(world, "ask")
    visit = world.as_(world.hall.learner.person)
    lessons = world.hall.rulebook.catalogue.newest(COURSE).lessons
    first, last = lessons[0].title.zh, lessons[-1]
    rules = visit.get(f"/courses/{COURSE}/exam").text
    assert f"还有{len(lessons)}课没学完，先学“{first}”" in rules
    assert "开始考试" not in rules
    assert f"学完{len(lessons)}课才能考" in visit.get(f"/courses/{COURSE}").text
    reply = visit.post(f"/courses/{COURSE}/exam")
    assert reply.status_code == 409
    assert f"请先学完“{first}”，再来考试" in reply.text

    world.hall.learn()
    with writing(world.hall.make) as session:
        session.execute(delete(StepDone).where(StepDone.lesson == last.name))
    assert f"还有1课没学完，先学“{last.title.zh}”" in visit.get(f"/courses/{COURSE}/exam").text


ALONE = [
    pytest.param("", "开始学习", "/services/lessons/", id="nothing learnt"),
    pytest.param("learn", "去考试", f"{PORTAL}/courses/{COURSE}/exam", id="all learnt"),
    pytest.param("begin", "继续考试", f"{PORTAL}/courses/{COURSE}/exam", id="exam under way"),
    pytest.param("submit", "看结果", f"{PORTAL}/courses/{COURSE}/exam/last", id="handed in"),
]


@pytest.mark.parametrize(("until", "label", "path"), ALONE)
def test_a_course_of_no_programme_is_learnt_and_sat_all_the_same(
    open_world: Callable[..., World], rulebook: Rulebook, until: str, label: str, path: str
) -> None:
    world = open_world(rulebook=replace(rulebook, programmes=()))
    if until == "learn":
        world.hall.learn()
    if until in ("begin", "submit"):
        attempt = world.hall.begin()
    if until == "submit":
        world.hall.hand_in(attempt)
    page = world.as_(world.hall.learner.person).get(f"/courses/{COURSE}").text
    ((found, words),) = re.findall(r'<a class="button" href="([^"]+)">([^<]+)<', page)
    assert words == label
    assert found.startswith(path)


def test_a_course_nobody_asked_for_is_learnt_and_sat(world: World) -> None:
    visit = world.as_(world.hall.learner.person)
    assert "开始学习" in visit.get(f"/courses/{COURSE}").text
    world.hall.learn()
    visit.get(f"/courses/{COURSE}/exam")
    assert visit.post(f"/courses/{COURSE}/exam").status_code == 303


def test_a_day_gone_by_is_said_as_lost(world: World) -> None:
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id, TODAY - timedelta(days=2))
    assert "已过11月21日" in world.as_(world.hall.learner.person).get("/").text


def test_whoever_only_has_a_duty_goes_to_their_desk(world: World) -> None:
    assert world.as_(world.hall.trainer.person).get("/").headers["location"].startswith(PORTAL)
    assert world.as_(world.hall.trainer.person).get("/learning").status_code == 200


def test_a_trainer_with_something_to_learn_goes_to_their_desk_and_finds_it_there(world: World) -> None:
    visit = world.as_(world.hall.trainer.person)
    assert "我自己的学习</h2>" not in visit.get("/teaching").text
    with writing(world.hall.make) as session:
        ask(session, world.hall.trainer.person.id)
    assert visit.get("/").headers["location"] == f"{PORTAL}/teaching"
    own = visit.get("/teaching").text.split("我自己的学习</h2>")[1]
    assert f'href="{PORTAL}/learning"' in own
    assert "还差3步，拿到证书" in own


def test_whoever_began_without_being_asked_is_told_what_comes_next(world: World) -> None:
    world.hall.learn()
    page = world.as_(world.hall.learner.person).get("/learning").text
    assert "去考试" in page
    assert "现在没有布置给您的学习" not in page


def test_an_administrator_sees_the_county_first_whatever_they_have_to_learn(world: World) -> None:
    person = world.hall.trainer.person
    with writing(world.hall.make) as session:
        ask(session, person.id)
        unit = session.query(Unit).order_by(Unit.level).first()
        session.add(ChargeRow(person_id=person.id, unit_id=unit.id, duty="administrator", starts_on=TODAY))
    assert world.as_(person).get("/").headers["location"] == f"{PORTAL}/coverage"


@pytest.fixture
def serial(world: World) -> str:
    with writing(world.hall.make) as session:
        ask(session, world.hall.learner.person.id)
        return certify(session, world)


def test_a_certificate_is_shown_and_kept_as_file_and_picture(world: World, serial: str) -> None:
    visit = world.as_(world.hall.learner.person)
    assert "还有365天" in visit.get("/certificates").text
    assert serial in visit.get(f"/certificates/{serial}").text
    paper, picture = visit.get(f"/certificates/{serial}/file.pdf"), visit.get(f"/certificates/{serial}/picture.png?save=true")
    assert paper.content.startswith(b"%PDF")
    assert picture.content.startswith(b"\x89PNG")
    assert "attachment" in picture.headers["content-disposition"]


def test_one_that_has_run_out_leads_on_before_it_is_kept(world: World, serial: str) -> None:
    world.clock.now = NOW + timedelta(days=400)
    page = world.as_(world.hall.learner.person).get(f"/certificates/{serial}").text
    assert re.findall(r'class="button" href="([^"]+)"', page) == [f"{PORTAL}/learning"]


@pytest.mark.parametrize("path", ["", "/file.pdf", "/picture.png"])
def test_somebody_else_s_certificate_does_not_exist(world: World, serial: str, path: str) -> None:
    assert world.as_(world.hall.neighbour.person).get(f"/certificates/{serial}{path}").status_code == 404
    assert world.as_(world.hall.learner.person).client.post(f"{PORTAL}/certificates/{serial}{path}").status_code == 405


def test_a_course_that_is_none_is_not_found(world: World) -> None:
    for path in ("/courses/nothing", "/courses/..%2f..%2fetc", "/courses/nothing/exam"):
        assert world.as_(world.hall.learner.person).get(path).status_code == 404


def test_the_duty_desk_of_a_persons_township_stands_in_the_bar(world: World) -> None:
    with writing(world.hall.make) as session:
        town = session.scalars(select(Unit).where(Unit.code == "399901101000")).one()
        told = {"source": "县应急12号", "dated_on": TODAY, "owner": "老周", "set_at": NOW}
        session.add(CountySetting(key="duty_phone", unit_id=town.id, value="0599-0000001", **told))
    attempt = world.hall.begin()
    page = world.as_(world.hall.learner.person).get(f"/exams/{attempt.id}").text
    assert re.findall(r'href="tel:(\d+)"', page) == ["119", "110", "120", "05990000001"]


def test_an_answer_to_what_one_said_is_read_once(world: World) -> None:
    release = world.hall.rulebook.catalogue.newest(COURSE)
    lesson = release.lessons[0]
    part = Part(COURSE, lesson.name, lesson.questions[0])
    with writing(world.hall.make) as session:
        one = raise_concern(session, world.hall.learner.person.id, Said(part, release.number, "unclear", "人数"), NOW).id
        answer(session, part, one, "先报再核", world.hall.trainer, NOW)
    visit = world.as_(world.hall.learner.person)
    page = visit.get("/").text
    assert "老师答复了您" in page
    assert "先报再核" in page
    assert lesson.title.zh in page
    assert lesson.questions[0] not in page

    assert world.as_(world.hall.neighbour.person).get("/").text.count("先报再核") == 0
    assert visit.post("/learning/answers/seen", {"id": str(one)}).status_code == 303
    assert "先报再核" not in visit.get("/").text


def test_a_question_of_the_exam_may_be_named_during_it_and_afterwards(world: World) -> None:
    submission = world.hall.hand_in(world.hall.begin())
    visit = world.as_(world.hall.learner.person)
    page = visit.get("/exams/1/result").text
    slots = re.findall(r'<option value="(\w+)">第\d+题', page)
    assert len(slots) == len(world.hall.exam.seats)
    assert visit.post("/exams/1/concerns/said", {"slot": slots[0], "kind": "wrong", "words": "图看不清"}).status_code == 303
    assert visit.post("/exams/1/concerns/said", {"slot": "", "kind": "wrong"}).status_code == 422
    reply = visit.send("POST", "/exams/1/concerns", {"slot": slots[1], "kind": "unclear", "words": ""})
    assert reply.json()["told"] is True
    with reading(world.hall.make) as session:
        drawn = Form.from_json(session.get_one(Attempt, submission.attempt_id).form)
        found = {(row.part, row.kind, row.lesson) for row in session.query(Concern)}
    assert found == {(drawn.slot(slots[0]).question, "wrong", ""), (drawn.slot(slots[1]).question, "unclear", "")}
