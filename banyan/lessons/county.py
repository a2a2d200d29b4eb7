"""What the county says for itself, for one reader: numbers, tables and the desk to ring. The page's, never a kernel's."""

from collections.abc import Iterable

from banyan.domain.county import Place
from banyan.records.engine import Sessions, reading
from banyan.tracker.county import settings_of


def place_of(make: Sessions, paths: Iterable[str]) -> Place:
    """Return what holds for somebody appointed at these units."""
    with reading(make) as session:
        return settings_of(session).for_units(paths)
