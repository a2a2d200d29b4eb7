"""A lesson of the service is run and forked behind its walls."""

import ast
import socket
from pathlib import Path

import pytest
from jupyter_client import AsyncKernelManager

from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from banyan.lessons.surroundings import empty_home
from banyan.lessons.surroundings import environment as surroundings
from tests.lessons.snapshots.talking import Specs, client_of, evaluate, in_a_loop, write

pytestmark = pytest.mark.timeout(240)


ESCAPES = """
import os, socket, subprocess
from pathlib import Path
def tried(deed):
    try:
        return str(deed())
    except OSError as fault:
        return type(fault).__name__
found = [tried(lambda: Path({secret!r}).read_text()), tried(lambda: socket.create_connection(("127.0.0.1", {port}), 1)),
         tried(lambda: subprocess.run(["true"])), tried(lambda: Path({secret!r}).write_text("x")),
         tried(lambda: os.kill(os.getppid(), 9))]
"""


def test_a_lesson_of_the_service_is_shut_in_when_it_is_run_and_in_each_reader_s_kernel(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("secret")
    sockets = folder / "s"
    own = sockets / "one"
    own.mkdir(parents=True)
    (folder / "lessons").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as house:
        code = ESCAPES.format(secret=str(secret), port=house.getsockname()[1])
        notebook = write(folder / "lessons" / "escape.ipynb", f"{code}\nprint(found)")

        async def talk() -> tuple[str, str]:
            SnapshotProvisioner.shared = snapshots = Snapshots(surroundings(empty_home(sockets)), sockets)
            run = (await snapshots.of(notebook)).outcome.outputs[0][0]["text"]
            manager = AsyncKernelManager(kernel_name="l", transport="ipc", connection_file=str(own / "k.json"))
            manager.ip, manager.kernel_spec_manager = str(own / "k"), Specs(notebook=str(notebook))
            await manager.start_kernel()
            client = client_of(manager)
            forked = evaluate(client, f"exec({code!r}) or found")
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            return run, forked

        for said in in_a_loop(talk):
            found = ast.literal_eval(said)
            assert len(found) == 5
            assert set(found) <= {"PermissionError", "FileNotFoundError", "OSError"}, found
    SnapshotProvisioner.shared = None
    assert secret.read_text() == "secret"
