"""The courses we ship can be published."""

import os
from pathlib import Path

from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.check import check_courses
from banyan.courseware.course import course_folders
from banyan.courseware.exam import draw
from grading.questions import type_of
from tests.courseware.conftest import NOW

HOUSE = Path(__file__).parents[2]
COURSES, CONTENT = HOUSE / "courses", HOUSE / "content"


def test_the_shipped_courses_have_no_fault():
    assert check_courses(COURSES, CONTENT) == []


def test_every_shipped_course_builds_and_draws_whole_forms(tmp_path):
    for folder in course_folders(COURSES):
        release = build_course(COURSES, folder.name, CONTENT, tmp_path, NOW)
        for _ in range(30):
            form = draw(release.exam, os.urandom(16))
            assert len({slot.question for slot in form.slots}) == len(release.exam.seats)
    assert Catalogue(tmp_path).courses() == [each.name for each in course_folders(COURSES)]


def test_the_key_of_every_shipped_question_earns_everything_and_blank_nothing(tmp_path):
    for folder in course_folders(COURSES):
        release = build_course(COURSES, folder.name, CONTENT, tmp_path, NOW)
        for item in (*release.exam.items.values(), *release.practice.values()):
            kind = type_of(item)
            if not kind.by_hand:
                assert abs(kind.score(item, kind.key(item)).fraction - 1) < 1e-9, item.id
            assert kind.score(item, None).fraction == 0
