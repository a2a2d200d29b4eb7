"""Who came in, and what their phone is to keep of it."""

from dataclasses import dataclass

from banyan.records.people import Person


@dataclass(frozen=True)
class Caller:
    """The browser at the door, as it calls itself, and the address it came from."""

    address: str
    agent: str = ""


@dataclass(frozen=True)
class Admission:
    """`token` is the one of the device somebody came in on, "" where none is remembered."""

    person: Person
    token: str = ""
