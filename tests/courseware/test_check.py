"""Every fault is told with its file and line, what is wrong and what to do; all of them at once."""

import re

import pytest

from banyan.courseware.check import check_courses
from banyan.courseware.lesson_check import TAKEN
from banyan.settings import HOUSE
from grading.questions import BY_HAND
from tests.courseware.slips import BANK, CASE, CASES, COURSE, EXAM, FACTS, FRAMEWORK, LESSON, PRACTICE, PROGRAMME


def faults(sample):
    return check_courses(sample.courses, sample.content)


def test_a_sound_course_has_no_fault(sample):
    assert faults(sample) == []


def test_a_folder_whose_name_cannot_stand_in_an_address_is_told(sample):
    """Its releases would not be found again, and building would never end."""
    (sample.courses / "x-1").rename(sample.courses / "第一课")
    told = next(each for each in faults(sample) if "课程文件夹" in each)
    assert told.startswith('courses/第一课/course.yaml:1: 课程文件夹不能叫 "第一课"；只用字母')


@pytest.mark.parametrize(("file", "old", "new", "expected"), [pytest.param(*case[:4], id=case[4]) for case in CASES])
def test_a_fault_is_told_at_its_place(sample, file, old, new, expected):
    sample.change(file, old, new)
    found = faults(sample)
    for each in expected:
        assert any(each in fault for fault in found), found
    assert all(fault.count("；") >= 1 for fault in found), "each says what to do"


def test_a_step_and_a_question_that_state_nothing_of_the_world_need_no_source(sample):
    sample.change(LESSON, "再看一次{fact}`F1`", "再看一次")
    sample.change(LESSON, "minutes: 6", "minutes: 6\nown: [sums]")
    sample.change(PRACTICE, "facts: [F1]", "own: care")
    assert faults(sample) == []


@pytest.mark.parametrize("by_hand", sorted(BY_HAND))
def test_whatever_is_marked_by_hand_wants_the_second_marker_a_programme_asks_for(sample, by_hand):
    sample.change(PROGRAMME, "courses: [x-1]", "courses: [x-1]\nsecond_marker: true")
    sample.change(BANK, "type: open", f"type: {by_hand}")
    found = faults(sample)
    assert [each.split("；")[0] for each in found] == [
        'content/programmes/er-t1.yaml:8: 课程 "x-1" 的考试有老师批的题，没有第二位阅卷老师'
    ]


def test_the_place_is_the_path_as_the_trainer_sees_it(sample):
    sample.change(BANK, "key: B\n", "key: E\n")
    assert faults(sample)[0] == (
        'courses/x-1/questions/exam/report.yaml:5: "key" 写了选项 "E"，可是选项只有 A、B；改成其中一个，或补上这个选项'
    )


def test_all_faults_of_all_files_come_together(sample):
    sample.change(COURSE, "tier: T1", "tier: T9")
    sample.change(BANK, "key: B\n", "key: E\n  colour: red\n")
    sample.change(CASE, "start: crack", "start: x")
    sample.change(FACTS, "  source: 旧网页\n", "")
    sample.change(LESSON, "crack.svg", "none.svg")
    places = {fault.split(": ")[0] for fault in faults(sample)}
    assert places >= {
        "content/facts.yaml:7",
        "courses/x-1/cases/night.yaml:2",
        "courses/x-1/course.yaml:5",
        "courses/x-1/lessons/first.md:11",
        "courses/x-1/questions/exam/report.yaml:5",
        "courses/x-1/questions/exam/report.yaml:6",
    }


def test_a_course_that_cannot_be_read_is_not_also_blamed_for_what_it_fails_to_show(sample):
    sample.change(COURSE, "tier: T1", "tier: T9")
    assert len(faults(sample)) == 1


@pytest.mark.parametrize("file", [COURSE, EXAM, "practical.yaml", FACTS, FRAMEWORK])
def test_a_missing_file_is_a_fault(sample, file):
    sample.path(file).unlink()
    assert any(f"{file}:1: 没有这个文件" in fault for fault in faults(sample))


def test_one_id_in_two_files_is_a_fault_that_names_the_other_place(sample):
    sample.add("questions/exam/second.yaml", "crack: {type: numeric, stem: 几？, key: {value: 1}, indicators: [C5.2.a]}\n")
    assert any(
        'second.yaml:1: 题名 "crack" 已经在 courses/x-1/questions/exam/report.yaml:1 用过' in fault for fault in faults(sample)
    )


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("lessons/second.md", "lessons/second.md:1: 这篇课文没有列在 course.yaml 的 lessons 里"),
        ("question/exam/x.yaml", "courses/x-1/question:1: 认不得这个文件或文件夹"),
        ("questions/exams/x.yaml", "courses/x-1/questions/exams:1: 认不得这个文件或文件夹"),
        ("questions/exam/x.yml", "questions/exam/x.yml:1: 这里不放这种文件"),
    ],
)
def test_what_lies_under_a_name_that_means_nothing_is_not_passed_over(sample, file, fault):
    sample.add(file, "a: 1\n")
    assert any(fault in each for each in faults(sample))


def test_a_fault_in_a_lessons_yaml_header_keeps_its_line(sample):
    sample.change(LESSON, "minutes: 6", "minutes: [6")
    assert any("first.md:" in fault and "YAML" in fault for fault in faults(sample))


def test_every_part_of_the_page_has_its_name_to_itself():
    page = (HOUSE / "banyan/lessons/templates/lesson.html").read_text(encoding="utf-8")
    parts = [re.sub(r"\{\{[^}]*\}\}", "1", each) for each in re.findall(r'\bid="([^"]+)"', page) if "step.name" not in each]
    assert parts
    assert [each for each in parts if not TAKEN.fullmatch(each)] == []


def test_what_is_not_text_is_a_fault(sample):
    sample.path(COURSE).write_bytes(b"title: x\ntier: \xff\xfe\n")
    assert any("course.yaml:2: 这里不是 UTF-8 文字" in fault for fault in faults(sample))
