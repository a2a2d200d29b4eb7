"""The hub's own database forgets whom the records no longer know, and nobody else."""

import sqlite3
from contextlib import closing
from pathlib import Path

from jupyterhub import orm
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from banyan.records.engine import open_engine, sessions, writing
from banyan.serve.strangers import forget_strangers
from tests.blank import blank_records
from tests.county import County, places


def test_the_hub_forgets_whom_the_records_do_not_know(tmp_path: Path) -> None:
    engine = blank_records(tmp_path / "records.sqlite")
    make = sessions(engine)
    with writing(make) as session:
        county = County(session)
        known = county.person("林秀英", places(county).xikou_1).staff_number
    hub = create_engine(f"sqlite:///{tmp_path}/hub.sqlite")
    orm.Base.metadata.create_all(hub)
    with Session(hub) as session:
        session.add_all([orm.User(name=known), orm.User(name="10019999")])
        session.commit()
    assert forget_strangers(tmp_path / "hub.sqlite", make) == 1
    assert forget_strangers(tmp_path / "hub.sqlite", make) == 0
    with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as opened:
        assert [name for (name,) in opened.execute("SELECT name FROM users")] == [known]
    assert b"10019999" not in (tmp_path / "hub.sqlite").read_bytes()
    hub.dispose()
    engine.dispose()


def test_without_a_hub_there_is_nothing_to_forget(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/records.sqlite")
    (tmp_path / "empty.sqlite").touch()
    assert forget_strangers(tmp_path / "hub.sqlite", sessions(engine)) == 0
    assert forget_strangers(tmp_path / "empty.sqlite", sessions(engine)) == 0
    engine.dispose()
