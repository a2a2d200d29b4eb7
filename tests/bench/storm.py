"""Five hundred people sit the exam while worker, portal, hub and parent are killed at random moments: what is lost, and doubled.

The whole house runs as it is served (tests/serve/storm.py); all of `damage` must be zero.
"""

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench._report import machine, options, tell
from tests.conftest import prepare_demo
from tests.serve.storm import Storm, damage


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen, began = options(__doc__ or "", argv, submissions=500, seed=1), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        storm = Storm(prepare_demo(Path(folder) / "home"), chosen.submissions, random.Random(chosen.seed))
        phones = storm.rage()
        kept = {"submissions": len(phones), "answers_acknowledged": sum(len(each.kept) for each in phones)}
        found = machine() | kept | {"killed": dict(storm.killed), "sent_again": storm.resent} | damage(storm, phones)
    found["seconds"] = round(time.monotonic() - began)
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    said = main()
    sys.exit(sum(said[each] for each in ("answers_lost", "not_graded", "graded_twice", "handed_in_twice", "evidence_twice")))
