"""Looked at a few at a time, no certificate is passed over for others that were noticed already; on both databases."""

import pytest
from sqlalchemy import Engine, select

from banyan.records.certification import ExpiryNotice
from banyan.records.engine import sessions, writing
from banyan.tracker import notices
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, County, places
from tests.records.conftest import blank, pattern, postgres  # noqa: F401
from tests.tracker.test_expiring import hold


def test_those_that_were_noticed_do_not_keep_the_others_waiting(
    blank: Engine,  # noqa: F811
    rulebook: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notices, "MOST", 1)
    make = sessions(blank)
    with writing(make) as session:
        county = County(session)
        at = places(county)
        for name, days in (("林秀英", 70), ("陈晓明", 80), ("张远", 95)):
            hold(session, county.person(name, at.xikou_1), rulebook, days)
    heard = []
    for _ in range(3):
        with writing(make) as session:
            heard.append(notices.notice(session, NOW))
    with writing(make) as session:
        noticed = session.scalars(select(ExpiryNotice.days)).all()
    assert (heard, noticed) == ([1, 1, 0], [90, 90])
