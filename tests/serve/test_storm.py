"""Processes ended at random moments while a class sits its exam; `./dev bench storm` does it with five hundred."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from banyan.settings import HOUSE
from tests.conftest import prepare_demo
from tests.serve.storm import ALL, ANSWERS, Storm, damage

pytestmark = [pytest.mark.served, pytest.mark.timeout(400)]
CLASS = 16


def test_whatever_is_killed_every_answer_is_kept_and_every_exam_graded_once(tmp_path: Path) -> None:
    storm = Storm(prepare_demo(tmp_path / "home"), CLASS, random.Random("a storm"))
    phones = storm.rage()
    found = damage(storm, phones)
    assert not any(found.values()), found
    assert all(len(phone.kept) == ANSWERS and not phone.queue for phone in phones)
    assert storm.killed.keys() == set(ALL)
    checked = [sys.executable, "-m", "banyan.cli", "records", "audit", "--home", str(storm.home.root)]
    assert subprocess.run(checked, cwd=HOUSE, timeout=60).returncode == 0
