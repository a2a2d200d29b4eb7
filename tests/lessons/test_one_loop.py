"""A kernel with one thread: everything a Jupyter client expects of five sockets, and nothing lost between them."""

import asyncio
import os
import tempfile
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import nbformat
import pytest
import zmq
import zmq.asyncio
from jupyter_client import AsyncKernelClient, AsyncKernelManager

from banyan.lessons.kernels import Maker, end, process_of
from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from tests.house import ROOT

pytestmark = pytest.mark.timeout(120)
Talk = Callable[[AsyncKernelManager, AsyncKernelClient], Awaitable[None]]
CELL = "import ipywidgets as w\nslider = w.IntSlider()\nslider"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's may have 107 letters."""
    with tempfile.TemporaryDirectory(prefix="bo-") as path:
        yield Path(path)


@pytest.fixture
def talk(folder: Path) -> Callable[[Talk], None]:
    """`talk(about)` lets a stock client talk with a kernel of a lesson."""
    notebook = folder / "lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), notebook)
    told = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": str(ROOT)}

    async def whole(about: Talk) -> None:
        SnapshotProvisioner.shared = Snapshots(told)
        maker = Maker(folder, told, zmq.asyncio.Context())
        kernel = await maker.start("one-kernel--", notebook)
        try:
            client = kernel.client()
            client.start_channels()
            await client.wait_for_ready(timeout=60)
            await about(kernel, client)
            client.stop_channels()
        finally:
            await end(kernel)
            SnapshotProvisioner.shared.close()
            SnapshotProvisioner.shared = None

    return lambda about: asyncio.run(whole(about))


async def printed(client: AsyncKernelClient, code: str) -> list[str]:
    """Run code as a Jupyter client does; return what it printed, a text for each message."""
    asked = client.execute(textwrap.dedent(code))
    found = []
    while True:
        said = await client.get_iopub_msg(timeout=30)
        if said["parent_header"].get("msg_id") != asked:
            continue
        if said["msg_type"] == "stream":
            found.append(str(said["content"]["text"]))
        if said["content"].get("execution_state") == "idle":
            return found


def test_a_kernel_has_no_thread_of_python_but_the_one_that_answers(talk: Callable[[Talk], None]) -> None:
    async def about(kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
        names = await printed(client, "import threading; print([each.name for each in threading.enumerate()])")
        assert names == ["['MainThread']\n"]
        tasks = Path(f"/proc/{process_of(kernel)}/task")
        assert len(list(tasks.iterdir())) == 3  # zmq's own two beside

    talk(about)


def test_a_kernel_gives_signs_of_life_and_takes_orders_besides(talk: Callable[[Talk], None]) -> None:
    async def about(kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
        async with asyncio.timeout(20):
            while not client.hb_channel.is_beating():
                await asyncio.sleep(0.05)
        client.shutdown()  # over the control socket
        async with asyncio.timeout(20):
            while await kernel.is_alive():
                await asyncio.sleep(0.05)
        assert not Path(f"/proc/{process_of(kernel)}").exists()

    talk(about)


def test_every_page_that_joins_is_welcomed(talk: Callable[[Talk], None]) -> None:
    async def about(kernel: AsyncKernelManager, _client: AsyncKernelClient) -> None:
        for _page in range(3):
            line = kernel.connect_iopub()
            async with asyncio.timeout(20):
                frames = await line.recv_multipart()
            assert any(b"iopub_welcome" in each for each in frames)

    talk(about)


def test_a_page_that_joins_while_a_kernel_speaks_is_welcomed_too(talk: Callable[[Talk], None]) -> None:
    async def about(kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
        speaks = asyncio.create_task(printed(client, "for i in range(300): print(i, flush=True)"))
        line = kernel.connect_iopub()
        async with asyncio.timeout(30):
            while not any(b"iopub_welcome" in each for each in await line.recv_multipart()):
                pass
        assert (await speaks)[-1] == "299\n"

    talk(about)


def test_much_that_is_printed_comes_before_the_answer_ends(talk: Callable[[Talk], None]) -> None:
    async def about(_kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
        found = await printed(client, "for _ in range(400): print('榕' * 999)")
        assert len(found) > 3
        assert "".join(found) == ("榕" * 999 + "\n") * 400

    talk(about)


def test_what_other_threads_print_comes_whole(talk: Callable[[Talk], None]) -> None:
    code = """
        import threading
        several = [threading.Thread(target=lambda: [print("x" * 50) for _ in range(200)]) for _ in range(4)]
        for each in several: each.start()
        for each in several: each.join()
    """

    async def about(_kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
        text = "".join(await printed(client, code))
        assert text.count("x") == 4 * 200 * 50

    talk(about)
