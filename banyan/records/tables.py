"""All tables in one place, for migrations and for creating a new home."""

from banyan.records import (
    audit,
    certification,
    classes,
    competence,
    consent,
    corrections,
    county,
    credentials,
    entry,
    erasure,
    examinations,
    invigilation,
    labs,
    learning,
    marking,
    observations,
    organisation,
    people,
    pieces,
    printing,
    retractions,
    roster,
    service,
    tasks,
    training,
)
from banyan.records.base import Base

metadata = Base.metadata
TABLES = (
    *(audit, certification, classes, competence, consent, corrections, county, credentials, entry, erasure, examinations),
    *(invigilation, labs, learning, marking, observations, organisation, people, pieces, printing, retractions, roster),
    *(service, tasks, training),
)
