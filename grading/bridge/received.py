"""What a learner hands in for a task, before anything is done with it: few plain files, one of them a notebook."""

import json
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from banyan.errors import BadInputError

PLAIN_NAME = re.compile(r"[^\W.][\w .+-]{0,99}")
MOST_FILES, MOST_CELLS, DEEPEST = 20, 400, 40
MB = 1 << 20
MOST_BYTES, MOST_NOTEBOOK = 10 * MB, 5 * MB
TIMESTAMP = "timestamp.txt"
KINDS = ("code", "markdown", "raw")


def check_files(files: Mapping[str, bytes], notebook: str) -> None:
    """Raise BadInputError unless there are few enough files, each with a plain name, and the notebook among them."""
    for name in files:
        if not PLAIN_NAME.fullmatch(name) or name == TIMESTAMP or (name.endswith(".ipynb") and name != notebook):
            raise BadInputError("交来的文件里不能有“{name}”：只收作业本和旁边的普通文件", name=_printable(name))
    if notebook not in files:
        raise BadInputError("交来的文件里没有作业本“{name}”，请把它一起交", name=notebook)
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES or len(files[notebook]) > MOST_NOTEBOOK:
        raise BadInputError(
            "交来的文件太多或太大：最多 {files} 个，一共不超过 {all} MB，作业本不超过 {one} MB",
            files=MOST_FILES, all=MOST_BYTES // MB, one=MOST_NOTEBOOK // MB,
        )  # fmt: skip


def from_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder; BadInputError for anything else in it, which is not followed or opened."""
    found: dict[str, bytes] = {}
    for each in sorted(folder.iterdir()):
        if not stat.S_ISREG(each.lstat().st_mode):
            raise BadInputError("交来的文件里不能有“{name}”：它是链接或文件夹，只收普通文件", name=_printable(each.name))
        if len(found) >= MOST_FILES or each.lstat().st_size > MOST_BYTES:
            raise BadInputError("交来的文件“{name}”太大，或文件太多", name=_printable(each.name))
        found[each.name] = each.read_bytes()
    return found


def notebook_of(content: bytes) -> NotebookNode:
    """Return a submitted notebook of today's form, its cells holding what cells may hold; BadInputError if it is none."""
    try:
        said = json.loads(content)
        if said["nbformat"] != 4 or len(said["cells"]) > MOST_CELLS:
            raise ValueError(f"{len(said['cells'])} cells of form {said['nbformat']}")
        _check_depth(said)
        cells = [_cell(each, number) for number, each in enumerate(said["cells"])]
        json.dumps(cells, ensure_ascii=False).encode()  # half a character cannot be written down
    except (ValueError, KeyError, TypeError, RecursionError, UnicodeError) as fault:
        raise BadInputError("作业本打不开：文件坏了，或不是作业本。请从平台重新领取，把答案抄过去再交") from fault
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells})


def _cell(said: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a cell with its source and what its maker says of it; outputs and attachments are not kept."""
    if said["cell_type"] not in KINDS or not isinstance(said["metadata"], dict):
        raise ValueError("no cell")
    lines = said["source"] if isinstance(said["source"], list) else [said["source"]]
    about = said["metadata"]
    kept = {"nbgrader": about["nbgrader"]} if isinstance(about.get("nbgrader"), dict) else {}
    if isinstance(about.get("tags"), list):
        kept["tags"] = [each for each in about["tags"] if isinstance(each, str)]
    cell = {"id": f"cell-{number:03d}", "cell_type": said["cell_type"], "metadata": kept, "source": "".join(lines)}
    return cell | ({"outputs": [], "execution_count": None} if said["cell_type"] == "code" else {})


def _check_depth(said: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    for each in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        _check_depth(each, depth + 1)


def _printable(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name)[:100]
