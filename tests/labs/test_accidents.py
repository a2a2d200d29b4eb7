"""What becomes of a JupyterLab when what started it is killed: it ends, and can be opened again."""

import os
import signal
import time
from collections.abc import Callable

import httpx
import pytest

from banyan.serve.processes import descendants
from tests.labs.house import LEARNER, Kernel, LabHouse, command, open_house, open_lab

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    with open_house(tmp_path_factory.mktemp("accidents")) as opened:
        yield opened


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def family(house: LabHouse) -> list[int]:
    """Return the attendant of the learner's server and all below it: the server and its kernels."""
    attendant = house.below("-m banyan.labs")[0]
    return [attendant, *descendants(attendant)]


def is_gone(process: int) -> bool:
    return not command(process)


def hub_answers(house: LabHouse) -> bool:
    try:
        return "服务正在启动" not in httpx.get(f"{house.url}/hub/login", timeout=5).text
    except httpx.HTTPError:
        return False


def test_a_hub_that_is_killed_takes_its_servers_along_and_they_can_be_opened_again(house: LabHouse):
    browser = house.signed_in(LEARNER)
    assert open_lab(browser, LEARNER).status_code == 200
    Kernel.start(browser, LEARNER).run("open('kept.txt', 'w').write('still here')")
    all_of_it = family(house)
    assert len(all_of_it) >= 5

    os.kill(house.below("jupyterhub", "-f")[0], signal.SIGKILL)

    wait_until(lambda: all(is_gone(each) for each in all_of_it))
    wait_until(lambda: hub_answers(house))
    wait_until(lambda: "JupyterLab 没有开着" in browser.get(f"/user/{LEARNER}/lab", follow_redirects=True).text)
    assert open_lab(browser, LEARNER).status_code == 200
    assert browser.get(f"/user/{LEARNER}/files/kept.txt").text == "still here"


def test_a_house_that_is_killed_leaves_no_server_behind(house: LabHouse):
    browser = house.signed_in(LEARNER)
    assert open_lab(browser, LEARNER).status_code == 200
    all_of_it = family(house)

    house.process.kill()

    wait_until(lambda: all(is_gone(each) for each in all_of_it), 15)
