"""A line between two processes: whoever does not hear keeps nobody waiting, and no message is lost or cut."""

import time

import pytest

from grading.sandbox.line import Line, SilentLineError
from grading.sandbox.nursery import line_pair

LONG = "x" * 2_000_000


def test_whoever_does_not_hear_keeps_nobody_waiting():
    line, other = line_pair()
    with line.side, other, pytest.raises(SilentLineError):
        line.say(LONG, time.monotonic() + 0.05)


def test_what_did_not_go_in_time_goes_first_and_whole():
    line, side = line_pair()
    other = Line(side)
    with line.side, side:
        with pytest.raises(SilentLineError):
            line.say(LONG, time.monotonic() + 0.05)
        heard = None
        while heard is None:
            for one in (line, other):
                try:
                    heard = one.hear(time.monotonic() + 0.01)
                except SilentLineError:
                    continue
        assert heard == LONG

        line.say("next")
        assert other.hear() == "next"
