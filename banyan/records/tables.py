"""All tables in one place, for migrations and for creating a new home."""

from banyan.records import (
    audit,
    certification,
    competence,
    corrections,
    county,
    entry,
    examinations,
    invigilation,
    labs,
    learning,
    marking,
    organisation,
    people,
    roster,
    tasks,
)
from banyan.records.base import Base

metadata = Base.metadata
TABLES = (
    *(audit, certification, competence, corrections, county, entry, examinations, invigilation, labs, learning, marking),
    *(organisation, people, roster, tasks),
)
