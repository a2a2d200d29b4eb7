"""Everything that can go wrong on purpose.

    BanyanError                a sentence for a reader: what happened, where, what to do
    ├── NotFoundError          there is no such thing, or not for this reader
    ├── NotAllowedError        the reader may not do this here
    ├── NotYetError            not possible now; the sentence names what is missing
    │   └── TimeLeftError      an exam is not over yet; knows when it will be
    ├── BadInputError          what was given cannot be taken; nothing was changed
    │   ├── InvalidAnswerError an answer that does not fit its question
    │   └── CourseError        faults in course files, each with its place
    ├── TooLateError           a deadline on the server's clock has passed
    ├── TamperedError          a seal, signature or chain does not hold
    ├── TaskFaultError         a learner's program had to be stopped; the sentence says why
    ├── TryLaterError          a part of the house does not answer at the moment
    └── HomeError              the home or the machine is not fit to serve

`message` is Simplified Chinese and the key for translation; `params` fill it in, dates and moments as such.
"""

from datetime import datetime
from typing import Any


class BanyanError(Exception):
    """A fault that a person is told about, in one sentence they can act on."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message.format(**self.params)


class NotFoundError(BanyanError): ...


class NotAllowedError(BanyanError): ...


class NotYetError(BanyanError): ...


class TimeLeftError(NotYetError):
    def __init__(self, deadline: datetime) -> None:
        super().__init__("这部手机的钟快了，时间还没到，请接着答")
        self.deadline = deadline


class BadInputError(BanyanError): ...


class InvalidAnswerError(BadInputError): ...


class CourseError(BadInputError):
    """Faults in course files; `faults` holds one `file:line: fault; remedy` each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("课程文件有 {count} 处要改：\n{faults}", count=len(faults), faults="\n".join(faults))
        self.faults = faults


class TooLateError(BanyanError): ...


class TamperedError(BanyanError): ...


class TaskFaultError(BanyanError): ...


class TryLaterError(BanyanError): ...


class DisturbedError(TryLaterError):
    """The machine is at fault, not what was asked of it: a full disk, a file that others keep locked. It passes."""


class HomeError(BanyanError): ...
