"""How somebody likes to read: language and size, kept with the person and told to each of their browsers by cookies."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from banyan.records.people import Person
from banyan.words.choice import LANGUAGE, SIZE


def keep(session: Session, person_id: int, chosen: Mapping[str, str]) -> None:
    """Remember what was chosen, given as cookies (`words.choice.choices`); what was not chosen stays as it was."""
    person = session.get_one(Person, person_id)
    person.language = chosen.get(LANGUAGE, person.language)
    person.text_size = chosen.get(SIZE, person.text_size)


def cookies_for(person: Person) -> dict[str, str]:
    """Return the cookies a browser is given when somebody comes in; none for what they never chose."""
    return {cookie: value for cookie, value in ((LANGUAGE, person.language), (SIZE, person.text_size)) if value}
