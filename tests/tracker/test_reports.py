from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel, path_of
from banyan.domain.readiness import Stage
from banyan.records.organisation import Unit
from banyan.tracker.reports import grids
from banyan.tracker.rulebook import Rulebook
from tests.county import TODAY, County, Places


def test_whoever_is_appointed_below_a_grid_covers_it(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    grid, code = places.xikou_1, f"{places.xikou_1.code}001"
    quarter = Unit(name="东片微网格", level=UnitLevel.GRID + 1, parent_id=grid.id, code=code, path=path_of(grid.path, code))
    session.add(quarter)
    session.flush()
    chen = county.person("陈晓明", quarter)
    county.appoint(chen, grid)
    lines = {line.unit.code: line for line in grids(session, [places.county.path], rulebook.programme("ER-T1"), rulebook, TODAY)}
    assert lines.keys() == {places.xikou_1.code, places.xikou_2.code, places.shangping_1.code}
    assert lines[grid.code].coverage.person_id == chen.id
    assert lines[places.xikou_2.code].coverage.stage is Stage.NOBODY
