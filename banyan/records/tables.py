"""All tables in one place, for migrations and for creating a new home."""

from banyan.records import audit, competence, examinations, learning, organisation, people
from banyan.records.base import Base

metadata = Base.metadata
TABLES = (audit, competence, examinations, learning, organisation, people)
