"""nbgrader's own tests of its exchange, run against ours as far as they are about an exchange and not about its folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbgrader.tests.apps
import pytest

from banyan.settings import HOUSE

APPS = Path(nbgrader.tests.apps.__file__).parent
FILES = ("fetch_assignment", "submit", "list", "releaseassignment", "collect", "fetchfeedback", "releasefeedback")
OTHER = {
    "submit::test_submit_with_student_id": "hands in under another's name",
    "submit::test_submit_max_file_size": "hands in a folder whose notebook is left out as too large",
    "collect::test_owner_check": "hands in under another's name",
    "collect::test_permissions": "modes of the exchange's folder",
    "releaseassignment::test_permissions": "modes of the exchange's folder",
    "releasefeedback::test_permissions": "modes of the exchange's folder",
    "releasefeedback::test_single_file": "feedback on what was never handed in, looked for in the exchange's folder",
    "releasefeedback::test_single_student": "feedback on what was never handed in, looked for in the exchange's folder",
    "releasefeedback::test_student_id_exclude": "feedback on what was never handed in, looked for in the exchange's folder",
    "list::test_list_remove_inbound": "removes what was handed in",
    "list::test_list_cached": "removes what was handed in",
    "list::test_list_feedback_inbound": "writes into the exchange's folder of feedback",
    "list::test_list_feedback_cached": "writes into the exchange's folder of feedback",
}
"""What is not run, and why; what of it is about an exchange has a test of ours in test_exchange.py."""


def pattern(test: str) -> str:
    file, name = test.split("::")
    return rf"test_nbgrader_{file}\.py::\w+::{name}(\[.*\])?$"


def test_nbgraders_own_tests_hold_for_our_exchange() -> None:
    left_out = "|".join(pattern(each) for each in OTHER)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-c", "/dev/null", "-p", "no:cacheprovider", "--rootdir", str(APPS)]
    files = [str(APPS / f"test_nbgrader_{each}.py") for each in FILES]
    surroundings = os.environ | {"PYTHONPATH": str(HOUSE), "BANYAN_LEFT_OUT": left_out}
    done = subprocess.run(
        [*command, "-p", "tests.grading.exchange.own_tests", *files],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=170,
    )
    passed = re.findall(r"^PASSED .*?test_nbgrader_(\w+)\.py::", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert {name: passed.count(name) for name in FILES} == {
        "fetch_assignment": 7,
        "submit": 13,
        "list": 9,
        "releaseassignment": 9,
        "collect": 8,
        "fetchfeedback": 2,
        "releasefeedback": 3,
    }


def test_what_is_not_run_is_documented_with_its_reason() -> None:
    page = (HOUSE / "docs" / "reference" / "exchange.md").read_text(encoding="utf-8")
    missing = [each for each, why in OTHER.items() if f"`{each}`" not in page or why not in page]
    assert not missing


@pytest.mark.parametrize("left_out", OTHER)
def test_what_is_not_run_is_there(left_out: str) -> None:
    file, name = left_out.split("::")
    assert f"def {name}(" in (APPS / f"test_nbgrader_{file}.py").read_text(encoding="utf-8")
