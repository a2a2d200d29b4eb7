"""How a bench says what it measured: a small table, or with --json one line of JSON. It always says how busy the machine was."""

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any


def options(about: str, argv: Sequence[str] | None, **defaults: int) -> argparse.Namespace:
    """Read --json and one whole number for each default."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default}")
    return parser.parse_args(argv)


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2), "python": platform.python_version()}


def tell(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if isinstance(value, Mapping):
            print(f"{name}:", *(f"{key} {each}" for key, each in value.items()), sep="  ")
        else:
            print(f"{name}: {value}")
