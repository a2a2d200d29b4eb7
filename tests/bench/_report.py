"""How a bench says what it measured: a small table, or with --json one line of JSON. It always says how busy the machine was."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from banyan.settings import HOUSE


def options(about: str, argv: Sequence[str] | None, **defaults: int) -> argparse.Namespace:
    """Read --json and one whole number for each default."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default}")
    return parser.parse_args(argv)


def machine() -> dict[str, Any]:
    """Return what the figures hold for: `spin_ms` is what a million turns of an empty loop take, for comparing machines."""
    load = round(os.getloadavg()[0], 2)
    return {"cores": os.cpu_count(), "load": load, "spin_ms": _spin(), "python": platform.python_version()}


def _spin(turns: int = 1_000_000) -> int:
    began = time.process_time()
    for _ in range(turns):
        pass
    return round((time.process_time() - began) * 1000)


def part(name: str, **chosen: int) -> dict[str, Any]:
    """Return what another bench measured in a process of its own, or end with what it said."""
    given = [f"--{each}={int(value)}" for each, value in chosen.items()]
    command = (sys.executable, "-W", "ignore", "-m", f"tests.bench.{name}", "--json", *given)
    done = subprocess.run(command, cwd=HOUSE, stdout=subprocess.PIPE, check=False)
    if not done.stdout:
        raise SystemExit(f"the part {name} measured nothing")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if isinstance(value, Mapping):
            print(f"{name}:", *(f"{key} {each}" for key, each in value.items()), sep="  ")
        else:
            print(f"{name}: {value}")
