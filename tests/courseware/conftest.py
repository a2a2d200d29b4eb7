from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from banyan.courseware.build import build_course
from banyan.courseware.release import Release
from tests.courseware.sample import Sample, write

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return write(tmp_path)


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The sample course, built once."""
    root = tmp_path_factory.mktemp("course")
    here = write(root)
    return build_course(here.courses, "x-1", here.content, root / "releases", NOW)
