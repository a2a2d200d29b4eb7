"""Recorded steps: audio/<lesson>/<step>.mp3, .m4a or .ogg. Who would rather listen hears the step read by a person.

A recording belongs to its step by its name alone. It is never part of a page: a reader is told how long and how large it
is and fetches it by a tap.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from banyan.courseware.faults import Fault
from banyan.courseware.lesson import Lesson
from banyan.courseware.sound import SECONDS

HEAVIEST = 4_000_000  # bytes: five minutes of speech at 96 kbit/s
LONGEST = 300  # seconds; a step is read in three minutes, and slowly aloud in less than five


@dataclass(frozen=True)
class Sound:
    """A recording in its course; `kept` is its name below the release's audio folder."""

    path: Path
    kept: str
    seconds: int
    bytes: int


def recording_files(folder: Path) -> dict[tuple[str, str], list[Path]]:
    """Return the recordings by lesson and step."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.glob("*/*")):
        if path.suffix.lower() in SECONDS and path.is_file():
            found.setdefault((path.parent.name, path.stem), []).append(path)
    return found


def recordings(folder: Path) -> dict[tuple[str, str], Sound]:
    """Return what a checked course has recorded, by lesson and step."""
    return {place: _sound(paths[0]) for place, paths in recording_files(folder).items()}


def _sound(path: Path) -> Sound:
    data = path.read_bytes()
    seconds = round(SECONDS[path.suffix.lower()](data))
    return Sound(path, f"{path.parent.name}/{path.stem}{path.suffix.lower()}", seconds, len(data))


def recording_faults(folder: Path, file: str, lessons: Mapping[str, Lesson]) -> Iterator[Fault]:
    """Yield what in a course's audio folder cannot be played or belongs nowhere."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if not path.is_dir() or path.name not in lessons:
            yield Fault(f"{file}/{path.name}", 1, "没有这一课", "录音放在 audio/课名/步名.mp3")
        else:
            yield from _within(path, f"{file}/{path.name}", lessons[path.name])


def _within(folder: Path, file: str, lesson: Lesson) -> Iterator[Fault]:
    steps = {each.name for each in lesson.steps}
    seen: set[str] = set()
    for path in sorted(each for each in folder.iterdir() if not each.name.startswith(".")):
        name = f"{file}/{path.name}"
        if not path.is_file() or path.suffix.lower() not in SECONDS:
            yield Fault(name, 1, "这里不放这种文件", f"只放 {'、'.join(SECONDS)} 录音")
        elif path.stem not in steps:
            yield Fault(name, 1, f'这一课没有叫 "{path.stem}" 的步', "文件名照步名写，例如 (first-call)= 写 first-call.mp3")
        elif path.stem in seen:
            yield Fault(name, 1, f'"{path.stem}" 这一步有两个录音', "只留一个")
        else:
            yield from _playable(path, name)
        seen.add(path.stem)


def _playable(path: Path, name: str) -> Iterator[Fault]:
    if path.stat().st_size > HEAVIEST:
        yield Fault(name, 1, f"录音超过 {HEAVIEST // 1_000_000} MB", "录成单声道，压到每秒 64 千比特再放")
        return
    seconds = SECONDS[path.suffix.lower()](path.read_bytes())
    if round(seconds) < 1:
        yield Fault(name, 1, f"这个文件不是能播放的 {path.suffix.lower()} 录音", "重新导出，扩展名和内容要一致")
    elif seconds > LONGEST:
        yield Fault(name, 1, f"录音有 {seconds / 60:.1f} 分钟，超过 {LONGEST // 60} 分钟", "一步只讲一件事，录短一些")
