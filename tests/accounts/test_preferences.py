"""How somebody reads is remembered with them, and told to each browser they come in by."""

from banyan.accounts.preferences import cookies_for, keep
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person


def read_as(records: Sessions, person: Person) -> dict[str, str]:
    with reading(records) as session:
        return cookies_for(session.get_one(Person, person.id))


def test_what_was_never_chosen_sets_no_cookie(records: Sessions, lin: Person) -> None:
    assert read_as(records, lin) == {}


def test_what_is_chosen_is_told_to_the_next_browser(records: Sessions, lin: Person) -> None:
    with writing(records) as session:
        keep(session, lin.id, {"banyan-size": "elder"})
    with writing(records) as session:
        keep(session, lin.id, {"banyan-lang": "zh-Hant"})
    assert read_as(records, lin) == {"banyan-lang": "zh-Hant", "banyan-size": "elder"}
