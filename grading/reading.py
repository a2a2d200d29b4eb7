"""Files that somebody sent, read in a process of their own that is shut in: what it may do to a reader it does to that alone.

A reader is `python -m MODULE`: it takes the file from standard input and writes a line of JSON and what it made of it.
"""

import json
import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any

from banyan.errors import InvalidAnswerError, TryLaterError

HEAVIEST = 10 * 1024 * 1024
"""Bytes that are looked at at all."""
PATIENCE = 40  # seconds, of which the reader itself may compute half
AT_ONCE = 2  # readers; further files wait their turn
_turns = BoundedSemaphore(AT_ONCE)


def read(module: str, sent: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what a reader told and made of a file; {"why": "broken"} where its limits or the clock ended it.

    InvalidAnswerError where there is nothing to read or too much, TryLaterError where others are read first.
    """
    if len(sent) > HEAVIEST:
        raise InvalidAnswerError("文件太大了，最大 10 MB")
    if not sent:
        raise InvalidAnswerError("文件是空的，请再选一次")
    if not _turns.acquire(timeout=PATIENCE):
        raise TryLaterError("传文件的人多，请过一分钟再传；文件还在您的手机里")
    try:
        return _asked(module, sent)
    finally:
        _turns.release()


def _asked(module: str, sent: bytes) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-P", "-m", module]
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, env={}, check=False)
        if done.returncode == 0:
            head, _, content = done.stdout.partition(b"\n")
            return json.loads(head), content
    return {"why": "broken"}, b""
