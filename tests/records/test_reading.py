"""Reading: a page reads what it asks for in several places once."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from banyan.records.engine import read_once, reading, sessions, writing


def test_what_a_page_asks_for_twice_is_read_once_and_whoever_writes_reads_anew(engine: Engine) -> None:
    make, asked = sessions(engine), []

    @read_once
    def read(_session: Session, name: str) -> str:
        asked.append(name)
        return f"{name} {len(asked)}"

    with reading(make) as session:
        assert (read(session, "a"), read(session, "b"), read(session, "a")) == ("a 1", "b 2", "a 1")
    with reading(make) as session:
        assert read(session, "a") == "a 3"
    with writing(make) as session:
        assert (read(session, "a"), read(session, "a")) == ("a 4", "a 5")
