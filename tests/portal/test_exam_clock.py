"""When the server's own clock jumps ahead: whoever sits an exam goes on, and nobody begins one until it is known to be right."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from banyan.portal.learner.exam_api import milliseconds
from tests.county import NOW
from tests.portal.conftest import PORTAL, World
from tests.portal.test_exam import START, begun, kept, slot_of
from tests.tracker.machine import Machine

HOURS = timedelta(hours=3)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def world(open_world: Callable[..., World], machine: Machine) -> World:
    return open_world(clock=machine, exam_clock=machine.steady())


def test_a_server_s_clock_that_jumps_ahead_takes_no_exam_away(world: World, machine: Machine) -> None:
    visit, attempt = begun(world)
    machine.shows += HOURS
    slot, value = slot_of(world, attempt, "single", "multiple", "order")
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 5, "value": value})
    assert (reply.status_code, reply.json()["now"]) == (200, milliseconds(NOW))
    assert visit.send("POST", f"/exams/{attempt.id}/submit?by_clock=true", {}).status_code == 409
    assert f'data-now="{milliseconds(NOW)}"' in visit.get(f"/exams/{attempt.id}").text
    assert visit.post(START).headers["location"] == f"{PORTAL}/exams/{attempt.id}"
    assert kept(world, attempt) == {slot: value}
    assert world.woken == []


def test_while_the_clock_is_doubted_nobody_begins(world: World, machine: Machine) -> None:
    world.hall.learn()
    visit = world.as_(world.hall.learner.person)
    visit.get(START)
    machine.shows += HOURS
    refused = visit.post(START)
    assert (refused.status_code, "正在核对" in refused.text) == (503, True)
    machine.shows -= HOURS
    assert visit.post(START).status_code == 303
