"""A province's own form: an xlsx held to the limits of what a form can be, and said in plain words what is wrong with it."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import banyan
from banyan.errors import BadInputError
from banyan.tracker.classes import form_reader
from banyan.tracker.classes.filling import Values
from banyan.tracker.classes.form_reader import to_json
from banyan.tracker.classes.grid import Grid
from banyan.tracker.classes.mapping import Mapped

LARGEST = 2 * 1024 * 1024  # bytes of a file
UNPACKED = 30 * 1024 * 1024  # bytes of what is in it
MOST_PARTS = 500
PATIENCE = 40  # seconds
HERE = Path(banyan.__file__).parents[1]  # where the other process finds this package
OLD = b"\xd0\xcf\x11\xe0"
BOOK = "xl/workbook.xml"
ACTIVE = ("vbaproject", "/activex/", "/embeddings/", "/macrosheets/", "/ctrlprops/")
UNREADABLE = "这个文件读不出来；请用表格软件打开，另存为 xlsx 再传"
UNFILLABLE = "省里的上报表没能填出来；请县管理员在“省里的上报表”里把表重新传一次、对一次"


def look(content: bytes) -> tuple[Grid, ...]:
    """Return the sheets of a form, or raise BadInputError saying what is wrong with the file."""
    if not content:
        raise BadInputError("没有收到文件；请选省里发的那张 xlsx 表")
    if len(content) > LARGEST:
        raise BadInputError("这个文件超过 2 MB，不像一张空表；请只留要填的那一张，另存一份再传")
    _look_inside(content)
    told = _read_apart(content)
    if told.get("fault") == "large":
        raise BadInputError("这个文件里的表太长、太宽或者太多；请只留要填的那一张，删掉下面和右边多余的行、列，另存一份再传")
    if "fault" in told:
        raise BadInputError(UNREADABLE)
    grids = tuple(each for each in map(Grid.of_json, told["sheets"]) if each.texts)
    if not grids:
        raise BadInputError("表里一个字也没有；请检查是不是选错了文件")
    return grids


def _look_inside(content: bytes) -> None:
    """Refuse what is something else, what runs by itself, and what unpacks to far more than a form, before it is unpacked."""
    if content[:4] == OLD:
        raise BadInputError("这是旧的 xls 文件，或者加了密码；请在表格软件里去掉密码，另存为 xlsx 再传")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise BadInputError("这不是 xlsx 文件；请用表格软件打开，另存为 xlsx 再传") from None
    names = [each.filename.lower() for each in parts]
    if BOOK not in names:
        raise BadInputError("这不是 xlsx 文件；请用表格软件打开，另存为 xlsx 再传")
    if any(word in name for name in names for word in ACTIVE):
        raise BadInputError("这个文件里有宏或者嵌着别的文件，不能收；请另存为普通的 xlsx 再传")
    if sum(each.file_size for each in parts) > UNPACKED or len(parts) > MOST_PARTS:
        raise BadInputError("这个文件解开以后太大，不像一张空表；请只留要填的那一张，另存一份再传")


def filled(form: bytes, mapped: Mapped, of_class: Values, people: Sequence[Values]) -> bytes:
    """Return a form filled in as it was mapped, or raise BadInputError; done in a process with limits, like the reading."""
    given = {"mapped": mapped.to_json(), "of_class": to_json(of_class), "people": [to_json(each) for each in people]}
    return _apart(json.dumps(given).encode() + b"\n" + form, UNFILLABLE, "fill")


def _read_apart(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_apart(content, UNREADABLE))
    return found


def _apart(sent: bytes, fault: str, *how: str) -> bytes:
    command = [sys.executable, "-m", form_reader.__name__, *how]
    try:
        return subprocess.run(command, input=sent, capture_output=True, cwd=HERE, timeout=PATIENCE, check=True).stdout
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise BadInputError(fault) from None
