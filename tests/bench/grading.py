"""All that is measured of an exam and a task: our roads against the stock command, answers saved, results shown.

Each part runs in a process of its own and can be run alone: `roads`, `answers`, `results`. Nothing else should be running.
"""

import sys
from collections.abc import Sequence
from typing import Any

from tests.bench._report import machine, options, part, tell

ASKED = {
    "roads": ("answers_ratio_1", "answers_ratio_2", "code_ratio_1", "differences"),
    "answers": ("answers_per_s", "answers_lost"),
    "results": ("result_idle_p95_s", "result_burst_p95_s", "worker_growth_mb"),
}
"""What each part is asked for first; all else it measured stands under its name."""


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
