"""Recorded steps: found by name, measured, refused with a reason, copied into the release."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.recordings import HEAVIEST
from banyan.courseware.sound import SECONDS
from banyan.errors import NotFoundError
from tests.courseware.conftest import NOW
from tests.courseware.sample import Sample
from tests.courseware.sounds import m4a, mp3, ogg

MADE = {".mp3": mp3, ".m4a": m4a, ".ogg": ogg}


def put(sample: Sample, name: str, data: bytes) -> None:
    path = sample.courses / "x-1" / "audio" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("seconds", [1.2, 75.6])
def test_a_recording_says_how_long_it_plays(kind: str, seconds: float) -> None:
    assert SECONDS[kind](MADE[kind](seconds)) == pytest.approx(seconds, abs=0.03)


@given(st.sampled_from(sorted(SECONDS)), st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_measured_or_refused(kind: str, data: bytes) -> None:
    assert SECONDS[kind](data) >= 0


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("cut", [0, 3, 11, 40])
def test_a_file_cut_short_is_measured_or_refused(kind: str, cut: int) -> None:
    assert SECONDS[kind](MADE[kind](2)[:cut]) == 0


def test_a_step_has_its_recording_in_the_release(sample: Sample, tmp_path: Path) -> None:
    put(sample, "first/one-night.mp3", mp3(61))
    put(sample, "first/.DS_Store", b"")
    assert check_courses(sample.courses, sample.content) == []
    release = build_course(sample.courses, "x-1", sample.content, tmp_path / "releases", NOW)
    about = release.lesson("first").recordings["one-night"]
    assert (about.seconds, about.file) == (61, "first/one-night.mp3")
    assert release.recording("first", "one-night").read_bytes() == mp3(61)
    assert about.bytes == len(mp3(61))
    with pytest.raises(NotFoundError):
        release.recording("first", "sums")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        pytest.param("second/one-night.mp3", mp3(2), "audio/second:1: 没有这一课", id="no such lesson"),
        pytest.param("one-night.mp3", mp3(2), "audio/one-night.mp3:1: 没有这一课", id="not in a lesson's folder"),
        pytest.param("first/two-nights.mp3", mp3(2), 'two-nights.mp3:1: 这一课没有叫 "two-nights" 的步', id="no such step"),
        pytest.param("first/one-night.wav", b"RIFF", "one-night.wav:1: 这里不放这种文件", id="another kind"),
        pytest.param("first/one-night.ogg", mp3(2), "one-night.ogg:1: 这个文件不是能播放的 .ogg 录音", id="not what it says"),
        pytest.param("first/one-night.mp3", mp3(301), "one-night.mp3:1: 录音有 5.0 分钟，超过 5 分钟", id="too long"),
        pytest.param("first/one-night.mp3", bytes(HEAVIEST + 1), "one-night.mp3:1: 录音超过 4 MB", id="too heavy"),
    ],
)
def test_a_recording_that_cannot_be_used_is_told_with_a_remedy(sample: Sample, name: str, data: bytes, told: str) -> None:
    put(sample, name, data)
    (fault,) = check_courses(sample.courses, sample.content)
    assert told in fault
    assert "；" in fault


def test_a_step_has_one_recording(sample: Sample) -> None:
    put(sample, "first/one-night.mp3", mp3(2))
    put(sample, "first/one-night.ogg", ogg(2))
    (fault,) = check_courses(sample.courses, sample.content)
    assert '"one-night" 这一步有两个录音' in fault
