"""How a step's recording is offered: how long it plays and what it costs to fetch, said before the tap."""

from typing import Any

from banyan.courseware.release import LessonOutline, Recording, Release
from banyan.words.language import Language

MEGABYTE = 1_000_000
LEAST = 0.1  # of a megabyte; nothing is told as costing nothing


def offers(release: Release, about: LessonOutline, base_url: str, speech: Language) -> dict[str, dict[str, Any]]:
    """Return what the page says of each recorded step: {step: {src, label}}."""
    at = f"{base_url}audio/{release.course}/{release.number}/{about.name}/"
    return {step: {"src": at + step, "label": label(each, speech)} for step, each in about.recordings.items()}


def label(recording: Recording, speech: Language) -> str:
    """听录音（2分05秒，约1.0兆流量）"""
    minutes, seconds = divmod(recording.seconds, 60)
    size = f"{max(recording.bytes / MEGABYTE, LEAST):.1f}"
    if not minutes:
        return speech.say("听录音（{seconds}秒，约{size}兆流量）", seconds=seconds, size=size)
    return speech.say("听录音（{minutes}分{seconds}秒，约{size}兆流量）", minutes=minutes, seconds=f"{seconds:02}", size=size)
