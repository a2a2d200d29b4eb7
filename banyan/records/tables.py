"""All tables in one place, for migrations and for creating a new home."""

from banyan.records import (
    audit,
    competence,
    county,
    entry,
    examinations,
    invigilation,
    labs,
    learning,
    organisation,
    people,
    roster,
)
from banyan.records.base import Base

metadata = Base.metadata
TABLES = (audit, competence, county, entry, examinations, invigilation, labs, learning, organisation, people, roster)
