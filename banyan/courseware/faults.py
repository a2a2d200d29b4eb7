"""A fault in a course file: its place, what is wrong, what to do. Faults are collected, never raised one by one."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    file: str
    line: int
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}；{self.remedy}"


Faults = list[Fault]


def told(faults: Faults) -> list[str]:
    """Return each fault once, by file and line."""
    return [str(each) for each in sorted(set(faults))]
