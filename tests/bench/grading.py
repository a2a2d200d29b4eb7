"""All that is measured of an exam and a task: our roads against the stock command, answers saved, results shown.

Each part runs in a process of its own and can be run alone: `roads`, `answers`, `results`. Nothing else should be running.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from banyan.settings import HOUSE
from tests.bench._report import machine, options, tell

ASKED = {
    "roads": ("answers_ratio_1", "answers_ratio_2", "code_ratio_1", "differences"),
    "answers": ("answers_per_s", "answers_lost"),
    "results": ("result_idle_p95_s", "result_burst_p95_s", "worker_growth_mb"),
}
"""What each part is asked for first; all else it measured stands under its name."""


def part(name: str, **chosen: int) -> dict[str, Any]:
    """Return what a part of this bench measured, or end with what it said."""
    given = [f"--{each}={value}" for each, value in chosen.items()]
    done = subprocess.run(
        (sys.executable, "-W", "ignore", "-m", f"tests.bench.{name}", "--json", *given), cwd=HOUSE, stdout=subprocess.PIPE
    )
    if not done.stdout:
        raise SystemExit(f"the part {name} measured nothing")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, few=20, many=60, seconds=10, burst=100, submissions=5000)
    raw = {
        "roads": part("roads", few=chosen.few, many=chosen.many),
        "answers": part("answers", seconds=chosen.seconds),
        "results": part("results", burst=chosen.burst, submissions=chosen.submissions),
    }
    found = {each: raw[name][each] for name, keys in ASKED.items() for each in keys}
    tell(machine() | found | raw, chosen.json)
    return found


if __name__ == "__main__":
    said = main()
    sys.exit(said["differences"] + said["answers_lost"])
