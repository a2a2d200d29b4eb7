"""Every route, as everybody, on everybody's things: what may be done is what banyan.domain.permission.MAY says.

Nothing here lists who may open what. A route declares its need, the things in its address say whom it touches, and MAY
answers; a route whose address holds something unknown to `World` fails until somebody says whose it is.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fastapi import FastAPI
from nbformat.v4 import new_notebook
from sqlalchemy import select, update

from banyan.domain.attendance import Span
from banyan.domain.observation import Mark as Verdict
from banyan.domain.permission import Action, Target, may
from banyan.domain.service import Shift
from banyan.portal import desks, door, learner, preferences
from banyan.portal.navigation import PUBLIC, SIGNED_IN
from banyan.portal.registry import PORTAL, Declared, Routes
from banyan.portal.signpost import Signpost
from banyan.records.certification import CertificateProposal
from banyan.records.engine import writing
from banyan.records.examinations import Mark
from banyan.records.marking import Appeal
from banyan.records.people import Person
from banyan.records.training import TrainingSession
from banyan.tracker import pieces
from banyan.tracker.amending import Amendment
from banyan.tracker.answer_files import keep as keep_photo
from banyan.tracker.attendance import Roll, call_roll
from banyan.tracker.classes.photos import add_photos
from banyan.tracker.credentials import place_of
from banyan.tracker.documents import DOCUMENTS
from banyan.tracker.enrolment import Order as Ask
from banyan.tracker.erasure_requests import ask as ask_to_be_erased
from banyan.tracker.exam_rooms import Plan, open_room
from banyan.tracker.hand_outs import Order, hand_out
from banyan.tracker.observations import Sheet, record
from banyan.tracker.people import Me, find_me, target_of
from banyan.tracker.pieces import Draft
from banyan.tracker.portfolio import PORTFOLIO
from banyan.tracker.practical_sessions import Meeting, announce
from banyan.tracker.practice import PRACTICE
from banyan.tracker.service import Activity, Hours, confirm, enter, pair
from banyan.tracker.standing_orders import make_rule
from banyan.tracker.task_desk import Pages, keep_feedback
from banyan.tracker.tasks import Offer, hand_in, keep
from banyan.tracker.trainings import TrainingPlan, plan, seat
from grading import questions
from grading.pictures import redrawn
from tests import house as rules
from tests.county import COURSE, NOW, TODAY, County
from tests.grading.test_pictures import camera
from tests.portal.office import Browser, Office, certify, open_office, practise

ROUTES = [each for part in (door, preferences, learner, desks) for routes in part.ROUTES for each in routes.declared]
ROLES = {
    "anonymous": "",
    "the learner themselves": "陈晓明",
    "a learner of the same village": "林秀英",
    "their trainer": "黄老师",
    "a trainer of another course": "王老师",
    "a trainer of another town": "周老师",
    "the county's trainer": "何老师",
    "their assessor": "许素芬",
    "an assessor of another course": "叶青",
    "their supervisor": "蔡明辉",
    "their certifier": "罗雅琴",
    "their town's administrator": "郑国平",
    "a foreign town's administrator": "吴美玲",
    "the county's administrator": "周建国",
    "the platform's administrator": "何立新",
}
OWNERS = {"青石镇": "陈晓明", "云溪镇": "张远"}
NOWHERE = {
    "attempt": 99999, "submission_id": 99999, "person_id": 99999, "practical_id": 99999, "rule_id": 99999,
    "session_id": 99999, "room_id": 99999, "work_id": 99999, "task": "none",
    "code": "000000000000", "purpose": "none", "number": 99999,
    "training_id": 99999, "part_id": 99999, "observation_id": 99999, "practice_id": 99999, "activity_id": 99999,
    "proposal_id": 99999, "request_id": 99999, "staff_number": "nobody",
    "portfolio_id": 99999, "document_id": 99999, "position": 1,
    "serial": "BY26-0000-0000", "slot": "s18", "course": COURSE,
}  # fmt: skip
COURSE_ONLY = {"course", "task"}


@dataclass(frozen=True)
class World:
    """An office with something of each kind that belongs to one learner in each town; `bodies` is what scripts send."""

    office: Office
    things: dict[str, dict[str, Any]]
    targets: dict[str, Target]
    bodies: dict[str, dict[str, Any]]

    def address(self, route: Declared, things: dict[str, Any]) -> str:
        unknown = parameters(route) - set(things)
        assert not unknown, f"{route.path} names {unknown}: say in World whose that is, so that strangers can try it"
        return route.path.format(**things)


def parameters(route: Declared) -> set[str]:
    return set(re.findall(r"{(\w+)}", route.path))


def name_of(route: Declared) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder: Path = tmp_path_factory.mktemp("office")
    rulebook = rules.rulebook(folder / "releases")
    office = open_office(folder, rulebook)
    hall = office.hall
    things, targets = {}, {}
    task = hand_out_a_task(office)
    for town, owner in OWNERS.items():
        me = office.me(owner)
        submission = sat(office, me)
        with writing(office.house.make) as session:
            certificate = certify(session, me.person, rulebook)
            listed = place_of(session, certificate.id)
            targets[town] = target_of(session, me.person.id, TODAY, COURSE)
        training = training_for(office, me)
        things[town] = {
            "training_id": training.id,
            "part_id": training.parts[0].id,
            **photo_for(office, training),
            "observation_id": observation_for(office, me),
            "practice_id": practice_for(office, me),
            "activity_id": activity_for(office, me),
            **pieces_for(office, me),
            "attempt": submission.attempt_id,
            "submission_id": submission.id,
            "slot": hall.slot_of("open"),
            "person_id": me.person.id,
            "code": me.units[0].path.strip("/").split("/")[-1],
            "practical_id": practise(office, "何老师", owner, f"key-{owner}"),
            "rule_id": rule_for(office, me),
            "session_id": session_for(office, me),
            "room_id": room_for(office, me),
            "work_id": work_for(office, me, task),
            "task": task.task,
            "serial": certificate.serial,
            "purpose": "suspension",
            "number": listed.number,
            "proposal_id": proposal_for(office, me),
            "request_id": request_for(office, me),
            "staff_number": me.person.staff_number,
            "course": COURSE,
        }
    return World(office, things, targets, bodies(office))


def rule_for(office: Office, me: Me) -> int:
    """Let the county's administrator make a standing order where somebody works, and return its number."""
    rulebook = office.house.rulebook
    order = Ask(rulebook.programmes[0].code, me.units[0].path, "", TODAY)
    with writing(office.house.make) as session:
        return make_rule(session, order, 30, office.me("周建国"), rulebook, NOW).id


def proposal_for(office: Office, me: Me) -> int:
    """Propose a certificate for somebody, and return its number."""
    with writing(office.house.make) as session:
        row = CertificateProposal(person_id=me.person.id, programme="ER-T1", proposed_at=NOW)
        session.add(row)
        session.flush()
        return row.id


def request_for(office: Office, me: Me) -> int:
    """Let somebody ask to be erased, and return the number of their request."""
    with writing(office.house.make) as session:
        return ask_to_be_erased(session, me, "我不做了", NOW).id


def session_for(office: Office, me: Me) -> int:
    """Let the county's trainer announce a practical where somebody works, and return its number."""
    meeting = Meeting(COURSE, me.units[0].path, NOW + timedelta(days=10), "镇政府二楼会议室")
    with writing(office.house.make) as session:
        return announce(session, meeting, office.me("何老师"), office.house.rulebook, NOW).id


def observation_for(office: Office, me: Me) -> int:
    """Let an assessor of the county record what they saw of somebody, and return its number."""
    rulebook, assessor = office.house.rulebook, assessor_of(office)
    marks = dict.fromkeys(sorted(rulebook.framework.competency("C5.2").indicator_codes), Verdict.YES)
    sheet = Sheet(me.person.id, COURSE, "C5.2", 3, marks, "先口头报", TODAY, "村委会", f"observation-{me.person.id}")
    with writing(office.house.make) as session:
        return record(session, sheet, assessor, rulebook, NOW).id


def assessor_of(office: Office) -> Me:
    """Return somebody who assesses in the whole county, the same each time."""
    with writing(office.house.make) as session:
        known = session.scalars(select(Person).where(Person.name == "孙老师")).one_or_none()
        county = County(session, people=900)
        person = known or county.person("孙老师", office.at.county)
        if not known:
            county.trust(person, "assessor", office.at.county, COURSE)
        return find_me(session, person.staff_number, TODAY)


def practice_for(office: Office, me: Me) -> int:
    """Let somebody hand in practice under the county's trainer, and return its number."""
    details = {"from": "2026-11-01", "to": "2026-11-20", "hours": 16, "place": "镇政府", "words": "跟着走访了十二户人家"}
    draft = Draft("C2.1", details, f"practice-{me.person.id}", addressed_to=office.people["何老师"].id)
    with writing(office.house.make) as session:
        return pieces.hand_in(session, PRACTICE, draft, me, office.house.rulebook, NOW).id


def pieces_for(office: Office, me: Me) -> dict[str, int]:
    """Let somebody hand in a piece of work and a document, each with a photo, and return their numbers."""
    photo = keep_photo(office.house.answer_files, redrawn(camera()))
    work = {"title": "议事会记录", "words": "组织三户人家商量停车，一起定了规矩，贴在楼下。", "teaching_log": True}
    paper = {"document": "first-aider", "number": "J-1", "issuer": "县红十字会", "issued_on": "2026-01-01", "expires_on": ""}
    with writing(office.house.make) as session:
        piece = Draft("C5.2", work, f"work-{me.person.id}", COURSE, files=(photo,))
        card = Draft("C5.4", paper, f"paper-{me.person.id}", files=(photo,))
        one = pieces.hand_in(session, PORTFOLIO, piece, me, office.house.rulebook, NOW)
        other = pieces.hand_in(session, DOCUMENTS, card, me, office.house.rulebook, NOW)
        return {"portfolio_id": one.id, "document_id": other.id, "position": 1}


def activity_for(office: Office, me: Me) -> int:
    """Let the county's trainer lead somebody in a service, and return its number."""
    shift, leader = Shift(NOW - timedelta(hours=3), NOW - timedelta(hours=1)), office.me("何老师")
    told = Activity(me.units[0].path, "elders", "上门看望老人", "溪口村", shift, f"service-{me.person.id}")
    with writing(office.house.make) as session:
        row = enter(session, told, leader, office.house.rulebook, NOW)
        pair(session, row.id, [me.person.id], leader, NOW)
        confirm(session, Hours(row.id, me.person.id, shift), Amendment(leader), office.house.rulebook, NOW)
        return row.id


def training_for(office: Office, me: Me) -> TrainingSession:
    """Let the county's trainer plan a training session where somebody works, with a seat for them."""
    shows, span = {"C5.2": frozenset({"C5.2.a"})}, Span(NOW, NOW + timedelta(hours=2))
    wish = TrainingPlan(COURSE, me.units[0].path, "报告实训", "县实训基地", 1, shows, 3, (span,), f"training-{me.person.id}")
    trainer, rulebook = office.me("何老师"), office.house.rulebook
    with writing(office.house.make) as session:
        row = plan(session, wish, trainer, rulebook, NOW)
        seat(session, row.id, [me.person.id], trainer, NOW)
        call_roll(session, Roll(row.parts[0].id, [me.person.id], [me.person.id]), trainer, NOW)
        return row


def photo_for(office: Office, training: TrainingSession) -> dict[str, int]:
    """Let the county's trainer put a photo into a class's file; it is the first one."""
    photo = keep_photo(office.house.answer_files, redrawn(camera()))
    with writing(office.house.make) as session:
        add_photos(session, training.id, [photo], "签到", office.me("何老师"), NOW)
    return {"position": 1}


def hand_out_a_task(office: Office) -> Offer:
    """Let the county's trainer hand out a notebook task to everybody."""
    files = {"roll-call.ipynb": nbformat.writes(new_notebook()).encode()}
    order = Order(COURSE, "roll-call", keep(office.house.bundles, files))
    with writing(office.house.make) as session:
        (row,) = hand_out(session, office.me("何老师"), order, office.house.rulebook.catalogue, NOW)
    return Offer(COURSE, "roll-call", hand_out=row)


def work_for(office: Office, me: Me, task: Offer) -> int:
    """Let somebody hand in a notebook task and the county's trainer say something of it, and return its number."""
    files = task.files(office.house.bundles)
    pages = keep(office.house.bundles, {"roll-call.html": b"<p>"})
    with writing(office.house.make) as session:
        row = hand_in(session, me, task, keep(office.house.bundles, files), NOW)
        keep_feedback(session, row.id, office.me("何老师"), Pages(pages.digest, {"roll-call.html": "0"}), NOW)
        return row.id


def room_for(office: Office, me: Me) -> int:
    """Let the county's trainer open an exam room where somebody works, and return its number."""
    plan = Plan(COURSE, me.units[0].path, NOW, NOW + timedelta(hours=2), "镇政府二楼会议室")
    with writing(office.house.make) as session:
        return open_room(session, plan, office.me("何老师"), office.house.rulebook, NOW).id


def let_everybody_in_again(world: World) -> None:
    """Some routes stop somebody's sign-in; the next one meets everybody as they were."""
    with writing(world.office.house.make) as session:
        session.execute(update(Person).values(must_change_password=False))


def sat(office: Office, me: Any) -> Any:
    """Let somebody sit the exam up to the mark it waits for."""
    hall = replace(office.hall, learner=me)
    submission = hall.sat()
    hall.grade(submission)
    look_again(office, submission)
    return submission


def look_again(office: Office, submission: Any) -> None:
    """Let a trainer have marked the note already, and a second look be asked for."""
    slot = office.hall.slot_of("open")
    mark = Mark(submission_id=submission.id, slot=slot, stage="first", rows=[1, 0, 0, 0], points=1, comment="说清人数")
    mark.marked_by, mark.marked_at = office.people["何老师"].id, NOW
    asked = Appeal(submission_id=submission.id, reason="人数写了", asked_at=NOW, due_on=TODAY, before={slot: 1.0}, answer="")
    with writing(office.house.make) as session:
        session.add_all((mark, asked))


def bodies(office: Office) -> dict[str, dict[str, Any]]:
    hall = office.hall
    drill = hall.slot_of("case")
    case = hall.exam.seats[-1].wants.cases[0]
    first = questions.case.key(hall.exam.items[case])[0]
    return {
        "/exams/{attempt}/answers/{slot}": {"seq": 1, "value": "A"},
        "/exams/{attempt}/concerns": {"slot": hall.slot_of("open"), "kind": "wrong"},
        "/exams/{attempt}/steps": {"slot": drill, "number": 1, "choice": first},
    }


def ask(world: World, browser: Browser, route: Declared, address: str) -> Any:
    """Send the request a route takes, with the seal of this session, as a page would."""
    headers = {"x-csrf-token": browser.seal, "accept": "text/html"}
    if route.by_token:
        headers = {"authorization": f"token {browser.number}"} if browser.number else {}
    body = next((each for path, each in world.bodies.items() if route.path.endswith(path)), None)
    return browser.request(route.method, address, headers=headers, json=body)


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_a_route_does_what_the_table_says(world: World, route: Declared) -> None:
    for role in ROLES:
        browser = world.office.browser(ROLES[role])
        for town, things in world.things.items():
            reply = ask(world, browser, route, world.address(route, things))
            told = f"{role} · {name_of(route)} · {town} → {reply.status_code}"
            assert reply.status_code != 500, told
            if expected(world, route, role, town):
                assert reply.status_code not in (401, 403, 404), told
            else:
                assert_refused(world, browser, route, reply, told)
            if route.method != "GET":
                let_everybody_in_again(world)
            if not parameters(route):
                break


def expected(world: World, route: Declared, role: str, town: str) -> bool:
    """Return what the table says of a role, a need and a target; nothing else decides."""
    if route.needs is PUBLIC:
        return True
    if not ROLES[role]:
        return False
    if not isinstance(route.needs, Action):
        return True
    me = world.office.me(ROLES[role])
    own = Target(frozenset(unit.path for unit in me.units), me.person.id, COURSE)
    if parameters(route) <= COURSE_ONLY and route.needs is Action.LEARN:
        return may(me.actor, route.needs, own)
    if parameters(route) - COURSE_ONLY:
        return may(me.actor, route.needs, world.targets[town])
    somewhere = (Target(frozenset({charge.path}), None, charge.course) for charge in me.actor.charges)
    return any(may(me.actor, route.needs, target) for target in (own, *somewhere, Target(alone=True)))


def assert_refused(world: World, browser: Browser, route: Declared, reply: Any, told: str) -> None:
    """Refused, saying nothing of what is there: as if it were not."""
    if not browser.number:
        assert reply.status_code in (302, 401), told
        assert reply.headers.get("location", "/hub/login") == "/hub/login", told
        return
    assert reply.status_code in (403, 404), told
    if parameters(route):
        missing = ask(world, browser, route, world.address(route, NOWHERE))
        assert (missing.status_code, sentence(missing)) == (reply.status_code, sentence(reply)), told
    secrets = [OWNERS[town] for town in OWNERS] + [str(things["serial"]) for things in world.things.values()]
    assert not [each for each in secrets if each in sentence(reply)], told


def sentence(reply: Any) -> str:
    """Return what a refusal says, without what differs from page to page."""
    found = re.search(r"<main.*?</main>", reply.text, re.S)
    return found.group() if found else reply.text


CHANGING = [each for each in ROUTES if each.method != "GET" and each.needs is not PUBLIC and not each.by_token]


@pytest.mark.parametrize("route", CHANGING, ids=name_of)
@pytest.mark.parametrize("seal", ["", "0" * 80], ids=["no seal", "a forged seal"])
def test_nothing_is_changed_without_this_sessions_seal(world: World, route: Declared, seal: str) -> None:
    for name in filter(None, ROLES.values()):
        browser = world.office.browser(name)
        address = world.address(route, world.things["青石镇"])
        reply = browser.request(route.method, address, headers={"x-csrf-token": seal})
        assert reply.status_code == 403, f"{name} · {name_of(route)}"


@pytest.mark.parametrize("route", [each for each in ROUTES if each.by_token], ids=name_of)
def test_a_programs_route_takes_no_cookie(world: World, route: Declared) -> None:
    """So no page elsewhere can make a browser ask it; and a page's route takes no token."""
    for name in filter(None, ROLES.values()):
        browser = world.office.browser(name)
        address = world.address(route, world.things["青石镇"])
        headers = {"x-csrf-token": browser.seal, "accept": "application/json"}
        assert browser.request(route.method, address, headers=headers).status_code == 401, f"{name} · {name_of(route)}"


def test_a_pages_route_takes_no_token(world: World) -> None:
    browser = world.office.browser()
    number = world.office.people["何老师"].staff_number
    for path in ("/services/portal/learning", "/services/portal/marking"):
        reply = browser.get(path, headers={"authorization": f"token {number}", "accept": "application/json"})
        assert reply.status_code == 401


@pytest.mark.parametrize("path", sorted({each.path for each in ROUTES}))
def test_a_route_takes_no_method_but_its_own(world: World, path: str) -> None:
    own = {each.method for each in ROUTES if each.path == path}
    browser = world.office.browser("周建国")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - own:
        reply = browser.request(method, path.format(**world.things["青石镇"]), headers={"x-csrf-token": browser.seal})
        assert reply.status_code in (404, 405), f"{method} {path}"


def test_every_route_of_the_app_declares_its_need(world: World) -> None:
    app: FastAPI = world.office.app
    declared = {(each.method, each.path) for each in app.state.declared}
    assert declared == {(each.method, each.path) for each in ROUTES}
    [signpost] = [each for each in app.routes if isinstance(each, Signpost)]
    assert {(method, each.path) for each in signpost.routes for method in each.methods or ()} == declared
    assert [each.path for each in app.routes if not isinstance(each, Signpost)] == [f"{PORTAL}/static"]
    assert all(isinstance(each.needs, Action) or each.needs in (PUBLIC, SIGNED_IN) for each in ROUTES)


def test_a_route_without_a_need_is_not_taken() -> None:
    with pytest.raises(TypeError):
        Routes().get("/open-to-all")  # type: ignore[call-arg]


def test_what_changes_something_needs_somebody() -> None:
    """A public form may be asked a question; it may change nothing, so each is known by name."""
    public = {each.path for each in ROUTES if each.method != "GET" and each.needs is PUBLIC}
    assert public == {"/verify/check", "/verify/transcript", "/services/portal/receipt"}
