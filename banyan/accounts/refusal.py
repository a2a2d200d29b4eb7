"""Why somebody does not get in, and whom they ring about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banyan.errors import BanyanError, NotAllowedError
from banyan.records.people import Person
from banyan.words.language import Language


@dataclass(frozen=True)
class Contact:
    """Somebody to ring, as they stay readable when the records they were read from are closed."""

    id: int
    name: str
    phone: str


class NoEntryError(NotAllowedError):
    """`ring` is the administrator to ring, None if there is none with a phone; a page shows the number to tap. `whose` is
    the person a slip is of that opens no more."""

    def __init__(self, message: str, ring: Person | None = None, whose: int = 0, **params: Any) -> None:
        super().__init__(message, **params)
        self.ring = Contact(ring.id, ring.name, ring.phone) if ring else None
        self.whose = whose


def spoken(fault: BanyanError, speech: Language) -> str:
    """Return a fault's sentence as a reader says it: moments their way, the kind of a phone in their words."""
    return speech.say(fault.message, **{name: _said(name, value, speech) for name, value in fault.params.items()})


def called(label: str, speech: Language) -> str:
    """Return what a device's label says: its kind in the reader's words, its model as it is."""
    kind, _, model = label.partition(" ")
    return f"{speech.say(kind)} {model}".strip() if kind else ""


def _said(name: str, value: Any, speech: Language) -> Any:
    if isinstance(value, datetime):
        return speech.moment(value)
    return called(value, speech) if name == "phone" else value
