"""The benches run, and what they compare agrees; their figures are for `./dev bench` on a quiet machine."""

import json
import subprocess
import sys

import pytest

from banyan.settings import HOUSE

SIZES = ("opens", "rounds", "visits", "touches", "moving", "seconds", "readers", "kernels")
SMALL = tuple(part for each in SIZES for part in (f"--{each}", "1" if each in ("rounds", "visits", "seconds") else "2"))


@pytest.mark.parametrize(
    ("name", "options", "claim"),
    [
        pytest.param(
            "roads",
            ("--few", "1", "--many", "2"),
            {"differences": 0},
            id="all roads give the same scores",
            marks=pytest.mark.timeout(400),
        ),
        pytest.param("answers", ("--phones", "2", "--seconds", "1"), {"answers_lost": 0}, id="no acknowledged answer is lost"),
        pytest.param(
            "results",
            ("--idle", "2", "--burst", "4", "--submissions", "6"),
            {"stuck": 0, "tried_again": 0},
            id="everybody sees their result, graded at the first try",
        ),
        pytest.param("roster", ("--people", "60"), {"changed": 0}, id="the same roster changes nothing"),
        pytest.param(
            "desks", ("--people", "60", "--times", "1"), {"pages that ask more": 0}, id="a desk asks no more of a county"
        ),
        pytest.param(
            "lessons",
            SMALL,
            {"readers_ok": 2, "live_kernels_ok": 2, "external_requests": 0, "console_errors": 0},
            id="a lesson opens, is read and answered, and asks nobody else",
            marks=pytest.mark.timeout(400),
        ),
        pytest.param("slips", ("--people", "40", "--sheet", "12"), {"missing": 0}, id="everybody has a slip on the sheet"),
    ],
)
def test_a_bench_measures_and_its_claim_holds(name: str, options: tuple[str, ...], claim: dict[str, int]) -> None:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{name}", *options, "--json"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=360)
    assert done.returncode == 0, done.stderr
    assert claim.items() <= json.loads(done.stdout).items()


@pytest.mark.postgres
@pytest.mark.timeout(400)
def test_the_records_are_measured_on_both_databases_and_nothing_fails() -> None:
    small = ("--people", "40", "--rate", "10", "--seconds", "1", "--check", "1", "--certificates", "2", "--json")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bench.records", *small],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=360,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for each in (found["sqlite"], found["postgresql"]):
        assert (each["rebuilt"], each["home_errors"], each["standings_that_differ"]) == (40, 0, 0)
        assert each["evidence"] == 40 * 30
        assert {"home_p95_ms", "evidence_growth", "rebuild_s", "pdf_per_s"} <= each.keys()
        assert {"import_s", "import_mb", "reimport_s", "reimport_mb"} <= each.keys()
