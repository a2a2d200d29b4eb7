"""All tables in one place, for migrations and for creating a new home."""

from banyan.records import (
    audit,
    competence,
    county,
    entry,
    examinations,
    invigilation,
    learning,
    organisation,
    people,
    roster,
    tasks,
)
from banyan.records.base import Base

metadata = Base.metadata
TABLES = (audit, competence, county, entry, examinations, invigilation, learning, organisation, people, roster, tasks)
