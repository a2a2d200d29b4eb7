"""Reading: a page reads what it asks for in several places once, and columns past the session."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from banyan.records.engine import columns, read_once, reading, sessions, writing
from banyan.records.people import Person
from tests.county import County


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


def test_columns_are_those_of_the_state_that_is_read_and_of_what_was_just_written(blank: Engine) -> None:
    make, names = sessions(blank), select(Person.name).order_by(Person.id)
    with writing(make) as session:
        County(session).person("陈桂兰")
    with reading(make) as session:
        assert columns(session, names).scalars().all() == ["陈桂兰"]
        with writing(make) as other:
            person = County(other, people=1).person("李阿水")
            person.name = "李秋水"  # not yet said to the database
            assert columns(other, names).scalars().all() == ["陈桂兰", "李秋水"]
    with reading(make) as session:
        assert columns(session, names).scalars().all() == ["陈桂兰", "李秋水"]
