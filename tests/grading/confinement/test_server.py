"""What shuts a server in: all of it, or it says that it does not; and what each process of it may take."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from banyan.settings import HOUSE
from grading.confinement import filters, namespaces
from grading.confinement.calls import MACHINES
from grading.confinement.server import RULES, shut_in

FRAME = """
import json, os, socket, sys
from pathlib import Path
from grading.confinement.server import ServerLimits, limit_server, shut_in
own = Path(sys.argv[1])
walls, doors = shut_in([], [own], [{port}])
assert walls.alone
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
limit_server(ServerLimits(memory=64 << 20, file=1 << 20))
def deed():
{deed}
try:
    print(json.dumps(deed()))
except (OSError, MemoryError) as fault:
    print(json.dumps(type(fault).__name__))
"""


def inside(folder: Path, deed: str, port: int = 5999) -> object:
    """Return what a deed comes to in a process that is shut in with a folder of its own."""
    script = FRAME.format(deed=textwrap.indent(textwrap.dedent(deed), "    "), port=port)
    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=HOUSE, capture_output=True, text=True, timeout=60)
    if not done.stdout and "assert walls.alone" in done.stderr:
        pytest.skip("this system allows no namespaces: no server is started on it")
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("deed", "comes_to"),
    [
        pytest.param("return os.getpid()", 1, id="its ids are its own"),
        pytest.param("return (own / 'mine').write_text('kept')", 4, id="it writes its own"),
        pytest.param("import subprocess; return subprocess.run(['/bin/sh', '-c', 'exit 7']).returncode", 7, id="programs run"),
        pytest.param("(own / 'x').touch(); os.chmod(own / 'x', 0o600); return True", True, id="it marks its own files"),
        pytest.param("return Path('/etc/passwd').exists()", False, id="other files are not there"),
        pytest.param(f"return os.kill({os.getpid()}, 0)", "ProcessLookupError", id="nobody else is there to signal"),
        pytest.param("return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).fileno()", "OSError", id="no datagrams"),
        pytest.param("return socket.socket(socket.AF_INET6).fileno()", "OSError", id="no other families"),
        pytest.param("return bool(bytearray(1 << 30))", "MemoryError", id="memory has a limit"),
    ],
)
def test_what_a_server_can_and_cannot_do(tmp_path: Path, deed: str, comes_to: object):
    assert inside(tmp_path, deed) == comes_to


def test_what_comes_to_a_door_is_taken_by_whoever_holds_it(tmp_path: Path):
    deed = """
    line = socket.create_connection(("127.0.0.1", 5999), 3)
    taken, _ = doors[0].accept()
    line.sendall(b"a word")
    return taken.recv(6).decode()
    """
    assert inside(tmp_path, deed) == "a word"


def test_a_file_has_a_limit(tmp_path: Path):
    deed = """
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return (own / "large").write_bytes(bytes(2 << 20))
    """
    assert inside(tmp_path, deed) == "OSError"


def test_where_namespaces_are_forbidden_nothing_is_said_to_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tried in a child, so that whatever else it shuts holds for nobody here."""
    monkeypatch.setattr(namespaces, "_would_work", lambda *_: False)
    child = os.fork()
    if not child:
        walls, doors = shut_in([], [tmp_path], [5999])
        os._exit(0 if (walls.alone, doors) == (False, []) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_the_filter_of_a_server_is_one_that_linux_takes(machine: str):
    code = filters.program(RULES, machine)
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096
