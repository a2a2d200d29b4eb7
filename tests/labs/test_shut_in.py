"""What a person's own programs can and cannot do in their JupyterLab, tried from a kernel of a real one."""

import errno
import os
import socket
from collections.abc import Iterator

import pytest

from banyan.settings import HOUSE
from tests.labs.house import LEARNER, NEIGHBOUR, Kernel, LabHouse, open_lab

pytestmark = pytest.mark.served
CONNECT = "import socket; line = socket.socket(); line.settimeout(3); line.connect(({address!r}, {port})); print('connected')"


@pytest.fixture(scope="module")
def kernel(lab_house: LabHouse) -> Kernel:
    browser = lab_house.signed_in(LEARNER)
    page = open_lab(browser, LEARNER)
    assert page.status_code == 200, page.text
    return Kernel.start(browser, LEARNER)


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """A service of this machine that is none of theirs, such as a database."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_it_answers_through_the_proxy(kernel: Kernel):
    answer = kernel.browser.get(f"/user/{LEARNER}/api/status")
    assert answer.status_code == 200
    assert answer.json()["kernels"] == 1


def test_programs_compute_write_start_others_and_find_their_files_again(kernel: Kernel, lab_house: LabHouse):
    assert kernel.run("open('mine.txt', 'w').write('写好了'); print(sum(range(10)))") == "45"
    assert kernel.run("!cat mine.txt") == "写好了"
    assert "nbgrader" in kernel.run("!nbgrader --version")
    assert kernel.run("import subprocess; print(subprocess.run(['cat', 'mine.txt'], stdout=-1, text=True).stdout)") == "写好了"
    assert (lab_house.room(LEARNER) / "work" / "mine.txt").read_text() == "写好了"


@pytest.mark.parametrize("what", ["records.sqlite", "hub.sqlite", "banyan.toml", "keys/signing", "keys/entry", "gradebooks"])
def test_nothing_of_the_house_is_there(kernel: Kernel, lab_house: LabHouse, what: str):
    path = lab_house.home.root / what
    path.parent.mkdir(exist_ok=True)
    assert path.exists()
    assert "FileNotFoundError" in kernel.run(f"open({str(path)!r})")


def test_nobody_else_s_folder_is_there(kernel: Kernel, lab_house: LabHouse):
    theirs = lab_house.room(NEIGHBOUR) / "work"
    theirs.mkdir(parents=True, exist_ok=True)
    (theirs / "secret.txt").write_text("别人的")
    assert "FileNotFoundError" in kernel.run(f"print(open({str(theirs / 'secret.txt')!r}).read())")
    assert "FileNotFoundError" in kernel.run(f"open({str(theirs / 'planted.txt')!r}, 'w')")


def test_questions_and_their_keys_are_not_there(kernel: Kernel):
    """What the courses are checked with can be imported; what is asked in them cannot be read."""
    house = kernel.run("import grading.scoring, os; house = os.path.dirname(os.path.dirname(grading.__file__)); print(house)")
    assert house == str(HOUSE)
    assert "courses" not in kernel.run("print(os.listdir(house))")
    assert "FileNotFoundError" in kernel.run("open(f'{house}/courses/x-1-reporter/exam.yaml')")


@pytest.mark.parametrize("what", ["config/nbgrader_config.py", "config/labconfig/page_config.json", "server.log"])
def test_how_their_server_is_set_is_not_theirs_to_change(kernel: Kernel, lab_house: LabHouse, what: str):
    assert "Error" in kernel.run(f"open({str(lab_house.room(LEARNER) / what)!r}, 'a')")


def test_the_internet_is_out_of_reach(kernel: Kernel):
    assert "PermissionError" in kernel.run(CONNECT.format(address="8.8.8.8", port=53))


def test_other_services_of_the_machine_are_out_of_reach(kernel: Kernel, lab_house: LabHouse, elsewhere: int):
    socket.create_connection(("127.0.0.1", elsewhere), 3).close()
    assert "PermissionError" in kernel.run(CONNECT.format(address="127.0.0.1", port=elsewhere))
    assert "PermissionError" in kernel.run(CONNECT.format(address="127.0.0.1", port=lab_house.port))


def test_no_port_is_opened(kernel: Kernel):
    assert "PermissionError" in kernel.run("import socket; socket.create_server(('127.0.0.1', 0))")


def test_hub_and_nobody_else_answers_where_the_server_asks_it(kernel: Kernel):
    code = "import os, urllib.request; print(urllib.request.urlopen(os.environ['JUPYTERHUB_API_URL'] + '/').read()[:30])"
    assert "version" in kernel.run(code)


def test_other_processes_are_neither_seen_nor_signalled(kernel: Kernel, lab_house: LabHouse):
    hub = lab_house.below("jupyterhub", "-f")[0]
    assert "ProcessLookupError" in kernel.run(f"import os; os.kill({hub}, 0)")
    assert "ProcessLookupError" in kernel.run(f"import os; os.kill({os.getpid()}, 0)")
    assert kernel.run("import os; print(os.path.exists('/proc/1'))") == "False"


def test_their_own_server_is_not_theirs_to_look_into(kernel: Kernel):
    """It answers on the house's address: who could change it could speak there in the house's name."""
    code = "import ctypes, os; print(ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0), ctypes.get_errno())"
    assert kernel.run(code) == f"-1 {errno.EPERM}"


def test_who_is_not_they_does_not_get_in(kernel: Kernel, lab_house: LabHouse):
    other = lab_house.signed_in(NEIGHBOUR)
    assert other.get(f"/user/{LEARNER}/lab", follow_redirects=True).status_code in (403, 404)
    assert other.get(f"/user/{LEARNER}/api/kernels", follow_redirects=True).status_code in (403, 404)


def test_a_program_that_wants_all_memory_gets_an_error_and_the_server_goes_on(kernel: Kernel):
    assert "MemoryError" in kernel.run("kept = bytearray(3 << 30)")
    assert kernel.run("print('still here')") == "still here"
