"""Looking a home over: everything that can be seen without changing anything, each as one finding with its remedy."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from banyan.errors import BanyanError, HomeError
from banyan.keeping import county_work, ground, holdings, keyring, labs
from banyan.keeping.backup import last_backup
from banyan.keeping.finding import Finding, Level, lost
from banyan.records.engine import reading
from banyan.settings import Home, Settings
from banyan.tracker.steady import last_jump
from banyan.wiring import open_press, open_records, open_rulebook
from banyan.words.language import N_

ORDER = (Level.LOST, Level.DUE, Level.GOOD)


def examine(path: Path, now: datetime) -> list[Finding]:
    """Return all findings, the gravest first; HomeError if there is no home to look at."""
    home = Home.found(path)
    return sorted(_all(home, now), key=lambda each: ORDER.index(each.level))


def is_well(findings: list[Finding]) -> bool:
    return not any(each.level is Level.LOST for each in findings)


def _all(home: Home, now: datetime) -> Iterator[Finding]:
    yield ground.space(home)
    try:
        home.check_form()
        settings = Settings.of(home)
    except HomeError as fault:
        yield lost("home", N_("{fault}"), N_("照这句话做，再看一次"), fault=fault)
        return
    yield from ground.permissions(home)
    yield from ground.owners(home)
    keys = list(keyring.keys(home))
    yield from keys
    if is_well(keys):
        yield from keyring.rotation(home)
    yield from keyring.recovery(home)
    yield ground.address(settings)
    yield ground.presence(home, settings)
    yield ground.lessons()
    records = holdings.shape(home, settings)
    yield records
    yield from holdings.caches(home)
    yield from holdings.gradebooks(home)
    yield from holdings.releases(home)
    if records.level is Level.GOOD:
        yield from _records(home, settings, now)
        if is_well(keys):
            yield from _certificates(home, settings, now)


def _records(home: Home, settings: Settings, now: datetime) -> Iterator[Finding]:
    make = open_records(home, settings)
    try:
        with reading(make) as session:
            yield from holdings.backups(session, last_backup(home, settings), now)
            yield ground.clock(now, holdings.log_end(session))
            if jumped := last_jump(session):
                yield from ground.jump(now, jumped.at, datetime.fromisoformat(jumped.detail["to"]))
            yield holdings.chain(session)
            yield from holdings.published(home, session)
            yield from holdings.photos(home, session)
            yield from county_work.queue(session, now)
            yield county_work.parity(session)
            yield county_work.erasures(session, now)
            yield from county_work.entry(session, now)
            yield from labs.walls(session, now)
            if not settings.demo:
                yield county_work.settings(session)
    except (BanyanError, SQLAlchemyError) as fault:
        yield _unseen(fault)
    finally:
        make.kw["bind"].dispose()


def _certificates(home: Home, settings: Settings, now: datetime) -> Iterator[Finding]:
    make = open_records(home, settings)
    try:
        with reading(make) as session:
            yield county_work.certificates(session, open_rulebook(home, settings), now)
            yield county_work.names(session, open_press(), now)
    except (BanyanError, SQLAlchemyError) as fault:
        yield _unseen(fault)
    finally:
        make.kw["bind"].dispose()


def _unseen(fault: Exception) -> Finding:
    return lost("records", N_("没有看完（{fault}）"), N_("先处理上面的问题，再看一次"), fault=fault)
