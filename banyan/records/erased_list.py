"""Who was erased, by handle: a small file beside the records that outlives them.

A backup made before somebody was erased still has them. The list goes with every backup and lies beside it, so that what
is restored is erased again. A handle names nobody to whoever has not got the records.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from banyan.errors import HomeError
from banyan.keys import write

NAME, BESIDE = "erased.json", "banyan-erased.json"
"""In a home, and beside its backups."""
Handles = Mapping[str, str]
"""Handle → the day, as YYYY-MM-DD."""


def read(path: Path) -> dict[str, str]:
    """Return the list in a file, none where there is no file, or raise HomeError rather than forget somebody."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(handle): str(day) for handle, day in found.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, OSError):
        raise HomeError("删除过谁的名单 {path} 读不出来；请从别的备份旁边拷一份 {name}", path=path, name=BESIDE) from None


def add(path: Path, handles: Handles) -> None:
    """Add to the list in a file; nothing is ever taken off."""
    known = read(path)
    if handles.keys() - known.keys():
        write(path, json.dumps({**known, **handles}, indent=1, sort_keys=True) + "\n")
