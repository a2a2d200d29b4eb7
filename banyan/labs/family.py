"""A process that does nothing but wait for its child, pass on that it should end, and end like it."""

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import NoReturn


def follow(child: int) -> NoReturn:
    """Reap whatever ends below, orphans too, until the child does; then end with its code."""

    def pass_on(what: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, what)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, pass_on)
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(max(os.waitstatus_to_exitcode(status), 0) if os.WIFEXITED(status) else 1)
