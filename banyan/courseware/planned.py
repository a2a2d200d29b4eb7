"""planned.yaml: the courses that programmes count on and that nobody has written yet."""

from pathlib import Path

from banyan.courseware.faults import Faults
from banyan.courseware.fit import fit
from banyan.courseware.manifest import PlannedCourse
from banyan.courseware.yaml_source import read


def load_planned(path: Path, file: str, faults: Faults) -> dict[str, PlannedCourse]:
    """Return the planned courses by the name their folder will have; there need be none."""
    source = read(path, file, faults) if path.exists() else None
    if source is None:
        return {}
    return {each: course for each in source.data if (course := fit(PlannedCourse, source, faults, (each,)))}
