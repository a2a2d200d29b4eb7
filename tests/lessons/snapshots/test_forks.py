"""Kernels forked from a lesson that was run once: the stock Jupyter client cannot tell."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import KernelManager

from banyan.lessons.snapshots import Snapshots
from tests.lessons.snapshots.talking import Specs, client_of, evaluate, in_a_loop, move

pytestmark = pytest.mark.timeout(240)


def test_a_stock_client_gets_a_kernel_that_has_the_lesson_in_it(kernels: Callable[[], Any]) -> None:
    async def talk() -> str:
        client = client_of(await kernels())
        told = evaluate(client, "slider.value")
        client.stop_channels()
        return told

    assert in_a_loop(talk) == "3"


def test_a_moved_slider_is_answered_and_only_in_its_own_kernel(kernels: Callable[[], Any], shared: Snapshots, notebook: Path):
    async def talk() -> tuple[dict[str, Any], str]:
        one, other = client_of(await kernels()), client_of(await kernels())
        state = (await shared.of(notebook)).outcome.state["state"]
        slider = next(name for name, each in state.items() if each["model_name"] == "IntSliderModel")
        moved, left = move(one, slider, 9), evaluate(other, "slider.value")
        for client in (one, other):
            client.stop_channels()
        return moved, left

    moved, left = in_a_loop(talk)
    assert moved["value"].startswith("9 ")
    assert left == "3"


def test_two_readers_draw_different_numbers(kernels: Callable[[], Any]) -> None:
    async def talk() -> list[str]:
        clients = [client_of(await kernels()) for _ in range(2)]
        drawn = [evaluate(each, "random.random()") for each in clients] + [evaluate(each, "drawn") for each in clients]
        for each in clients:
            each.stop_channels()
        return drawn

    one, other, run, again = in_a_loop(talk)
    assert one != other
    assert run == again, "what the lesson drew is part of the lesson"


def test_without_forking_the_same_kernel_comes_by_the_ordinary_way(notebook: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("banyan.lessons.provisioner.os.fork")
    manager = KernelManager(kernel_name="lesson", transport="ipc", connection_file=str(folder / "k.json"))
    manager.ip, manager.kernel_spec_manager = str(folder / "k"), Specs(notebook=str(notebook))
    manager.start_kernel()
    until = time.monotonic() + 60
    while not (folder / "k-5").exists():  # a client that comes before the heart beats takes it for dead
        assert time.monotonic() < until, "no kernel"
        time.sleep(0.05)
    try:
        client = client_of(manager)
        assert evaluate(client, "slider.value") == "3"
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)
