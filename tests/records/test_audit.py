"""The audit log is one unbroken chain, whoever writes and whatever is altered."""

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from banyan.errors import TamperedError
from banyan.records import audit, migrate
from banyan.records.engine import open_engine, reading, sessions, writing
from tests.apart import SERVER

NOW = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=UTC)


def write_many(url: str, writer: str, count: int) -> None:
    make = sessions(open_engine(url))
    for number in range(count):
        with writing(make) as session:
            audit.append(session, NOW, writer, "sign_in", f"person {number}", address="127.0.0.1")


@pytest.fixture
def chain(blank: Engine) -> Engine:
    with writing(sessions(blank)) as session:
        for number in range(5):
            audit.append(session, NOW, "10010001", "mark", f"submission:{number}", points=4.5, comment="写得清楚")
    return blank


def test_a_chain_written_by_one_holds(chain: Engine) -> None:
    with reading(sessions(chain)) as session:
        assert audit.verify(session) == 5


def test_three_processes_writing_at_once_never_fork_the_chain(engine: Engine, url: str) -> None:
    migrate.upgrade(engine)
    with ProcessPoolExecutor(3, mp_context=SERVER) as pool:
        list(pool.map(write_many, [url] * 3, ["one", "two", "three"], [15] * 3))
    with reading(sessions(engine)) as session:
        assert audit.verify(session) == 45


@pytest.mark.parametrize(
    ("tampering", "where"),
    [
        pytest.param("UPDATE audit SET subject = 'submission:9' WHERE position = 3", 3, id="a row altered"),
        pytest.param("UPDATE audit SET at = '2026-11-22 08:30:15+00:00' WHERE position = 2", 2, id="a time altered"),
        pytest.param("DELETE FROM audit WHERE position = 3", 3, id="a row taken out"),
        pytest.param("DELETE FROM audit WHERE position = 1", 1, id="the first row taken out"),
    ],
)
def test_tampering_is_found_at_its_place(chain: Engine, tampering: str, where: int) -> None:
    with chain.begin() as connection:
        connection.execute(text(tampering))
    with reading(sessions(chain)) as session, pytest.raises(TamperedError) as caught:
        audit.verify(session)
    assert caught.value.params["position"] == where


def test_what_a_failed_verb_wrote_is_not_in_the_chain(chain: Engine) -> None:
    make = sessions(chain)

    def fail() -> None:
        with writing(make) as session:
            audit.append(session, NOW, "10010001", "mark", "submission:9")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(make) as session:
        assert audit.verify(session) == 5
