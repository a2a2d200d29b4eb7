"""What a lesson's code may do wrong in one reader's kernel costs that reader a kernel, and nobody else anything."""

import time
from collections.abc import Callable

import pytest

from tests.lessons.conftest import LESSONS, LittleHouse, Reader
from tests.lessons.open_page import Page, run
from tests.lessons.taught import TRIAL
from tests.lessons.test_kernels import figures

pytestmark = pytest.mark.timeout(180)


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        pytest.param(1, "slow", id="loops for ever"),
        pytest.param(2, "loud", id="prints 1 GB"),
        pytest.param(4, "died", id="ends itself"),
    ],
)
def test_a_callback_that_runs_wild_ends_its_own_kernel_alone(
    deed: int, why: str, little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        bad, good = Page(reader("YX0005"), little, "hostile"), Page(reader("YX0006"), little, "hostile")
        await bad.open()
        await good.open()
        before = figures(little).get(f'banyan_lessons_ended_total{{why="{why}"}}', 0)
        await bad.move(deed)
        assert await good.answered(7)
        assert await bad.hear(lambda _said: False) is None
        assert figures(little)[f'banyan_lessons_ended_total{{why="{why}"}}'] == before + 1
        path = f"{LESSONS}api/kernels/{bad.lent['kernel']}"
        assert bad.reader.get(path, headers=bad.reader.xsrf()).status_code == 404
        assert await good.answered(8)
        good.line.close()

    run(scene)


@pytest.mark.parametrize(
    ("deed", "name"), [pytest.param(3, "MemoryError", id="eats memory"), pytest.param(5, "PermissionError", id="forks for ever")]
)
def test_a_callback_that_takes_too_much_is_refused_it_and_the_kernel_goes_on(
    deed: int, name: str, little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        page, other = Page(reader("YX0002"), little, "hostile"), Page(reader("YX0006"), little, "hostile")
        await page.open()
        await other.open()
        await page.move(deed)
        assert await other.answered(7)
        said = await page.hear(lambda said: said["header"]["msg_type"] == "error")
        assert said is not None
        assert said["content"] == {"ename": "", "evalue": "", "traceback": []}, "an author's fault is no business of a reader"
        assert name in little.log
        assert await page.answered(8)
        assert await other.answered(8)
        page.line.close()
        other.line.close()

    run(scene)


def test_a_fault_while_widgets_are_answered_is_recorded_by_the_authors_line(
    little: LittleHouse, reader: Callable[[str], Reader]
) -> None:
    async def scene() -> None:
        page = Page(reader("YX0002"), little, "trial")
        await page.open()
        await page.move(28)
        assert await page.hear(lambda said: said["header"]["msg_type"] == "error")
        page.line.close()

    run(scene)
    line = next(number for number, text in enumerate(TRIAL.split("\n"), 1) if "1 / (28 - " in text)
    told = f"x-1/lessons/trial.md:{line}: ZeroDivisionError"
    until = time.monotonic() + 5
    while told not in little.log and time.monotonic() < until:
        time.sleep(0.05)
    assert told in little.log
