"""What is proved of every question, and that each proof can fail."""

import pytest

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.proving import prove_courses
from banyan.errors import CourseError
from grading.questions import REGISTRY, numeric, single
from grading.questions.item import BLANK, Score
from tests.courseware.conftest import NOW

EXAM = "questions/exam/report.yaml"


def faults(sample):
    return check_courses(sample.courses, sample.content)


def foresee(sample, told, file="questions/practice/first.yaml"):
    sample.change(file, "  type: single", f"  expects: [{told}]\n  type: single")
    return faults(sample)


@pytest.mark.parametrize(
    "told",
    ["{answer: A, earns: 0, says: 照片救不了人}", "{answer: B, earns: 1, says: 对}", "{answer: null, earns: 0, says: 先选一个}"],
)
def test_an_answer_that_reads_as_foreseen_is_no_fault(sample, told):
    assert foresee(sample, told) == []


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ("{answer: A, earns: 0.5}", "写的是得 50%，实际得 0%"),
        ("{answer: A, earns: 0, says: 好主意}", "里面没有“好主意”"),
        ("{answer: Z, earns: 0}", "这道题读不出来"),
        ("{answer: A, earns: 0, hard_fail: true}", "写了整场不算过，实际不会"),
        ("{answer: A, earns: 2}", "不能大于 1"),
    ],
)
def test_one_that_does_not_is_told_at_its_line(sample, told, fault):
    found = foresee(sample, told)
    assert any(fault in each and "first.yaml:2:" in each for each in found), found


def test_that_an_answer_loses_the_exam_must_be_foreseen_too(sample):
    assert any("这样答整场不算过，expects 里没有写" in each for each in foresee(sample, "{answer: A, earns: 0}", EXAM))


def test_a_path_through_a_case_can_be_foreseen(sample):
    sample.add("cases/night.yaml", "expects:\n  - {answer: [B], earns: 0, hard_fail: true}\n  - {answer: [A], earns: 0.7}\n")
    assert faults(sample) == []
    sample.change("cases/night.yaml", "earns: 0.7", "earns: 0.6")
    assert any("写的是得 60%，实际得 70%" in each for each in faults(sample))


@pytest.mark.parametrize("kind", sorted(REGISTRY))
def test_a_type_whose_key_or_blank_is_scored_wrongly_is_found(sample, kind, monkeypatch):
    """Every type is broken in turn; one that the sample has must be noticed, in both ways."""
    asked = {"single", "multiple", "numeric", "case"}
    monkeypatch.setattr(REGISTRY[kind], "score", lambda item, value: Score(0.9) if value is not None else BLANK)
    told = [each for each in faults(sample) if "得不到满分（只有 90%）" in each]
    assert bool(told) == (kind in asked)
    monkeypatch.setattr(REGISTRY[kind], "score", lambda item, value: Score(1.0))
    blanks = [each for each in faults(sample) if "空着不答也有分" in each]
    assert bool(blanks) == (kind in asked | {"open"})


def test_a_key_that_loses_the_exam_or_reads_as_wrong_is_found(sample, monkeypatch):
    monkeypatch.setattr(numeric, "score", lambda item, value: Score(float(value is not None), hard_fail="x" if value else None))
    assert any('照题 "people"' in each for each in faults(sample))
    monkeypatch.undo()
    monkeypatch.setattr(single, "key", lambda item: "A")
    assert any('照题 "crack"' in each for each in faults(sample))


@pytest.mark.parametrize(
    ("stem", "same"),
    [
        pytest.param("半夜坡上裂了一道缝，坡下三户人家亮着灯，您先做什么？", True, id="to the letter"),
        pytest.param("半夜，坡上裂了一道缝！坡下三户人家亮着灯。您先做什么", True, id="other marks"),
        pytest.param("半夜坡上裂了一道大缝，坡下三户人家亮着灯，您先做什么呢？", True, id="nearly"),
        pytest.param("半夜河堤漏水，堤下三户人家亮着灯，您先做什么？", False, id="another scene"),
    ],
)
def test_a_practice_question_in_slightly_other_words_is_no_exam_question(sample, stem, same):
    sample.change("questions/practice/first.yaml", "先做什么？", "半夜坡上裂了一道缝，坡下三户人家亮着灯，您先做什么？")
    sample.change(EXAM, "坡裂了，先做什么？", stem)
    assert any("是同一道题" in each for each in faults(sample)) == same


def test_a_short_stem_is_read_with_what_there_is_to_choose_from(sample):
    sample.change("questions/practice/first.yaml", "先做什么？", "首报要说什么？")
    assert faults(sample) == []
    sample.change("questions/practice/first.yaml", "首报要说什么？", "首报要说哪些？")
    assert any("是同一道题" in each for each in faults(sample))


SECRETS = {
    "why": (EXAM, "why: 只说看见的。", "why: ", "只说自己亲眼看见的，听来的一概写成待核。"),
    "drill": ("cases/night.yaml", "hard_fail: 等证据", "hard_fail: 等证据, says: ", "照片拍完人已经来不及跑出来了"),
    "rubric": (EXAM, "row: 说清变化", "row: ", "说清路断了改走后山的机耕道几点能通"),
    "stem": (EXAM, "stem: 坡裂了，先做什么？", "stem: ", "老粮站的后墙往外鼓出一指宽，先做什么？"),
}


@pytest.mark.parametrize("what", SECRETS)
@pytest.mark.parametrize("told_in", ["lesson", "practice", "practical", "model", "picture", "course"])
def test_nothing_of_the_exam_is_published(sample, told_in, what):
    """Put into each file that ships, escaped as that file escapes it, a text of the exam keeps the course from release."""
    file, old, new, secret = SECRETS[what]
    sample.change(file, old, new + secret)
    assert prove_courses(sample.courses, sample.content) == []
    spill(sample, told_in, secret)
    found = prove_courses(sample.courses, sample.content)
    assert found
    assert all("会随" in each and "发给学员" in each for each in found)
    with pytest.raises(CourseError):
        from_scratch(sample)


def spill(sample, where, secret):
    """Let a file that ships tell a secret."""
    if where == "lesson":
        sample.change("lessons/first.md", "雨很大", f"雨很大，{secret}")
    elif where == "practice":
        sample.change("questions/practice/first.yaml", "A: 照片救不了人。", f"A: '照片 & “图”：{secret}'")
    elif where == "practical":
        sample.change("practical.yaml", "does: 马上打电话", f'does: "{secret}"')
    elif where == "model":
        sample.change("models/rain.py", '"""Rain."""', f'"""Rain. {secret}"""')
    elif where == "picture":
        (sample.courses / "x-1/figures/crack.svg").write_text(f"<svg><text>{secret}</text></svg>", encoding="utf-8")
    else:
        sample.change("course.yaml", "zh: 会首报", f'zh: "会首报：{secret}"')


def from_scratch(sample):

    return build_course(sample.courses, "x-1", sample.content, sample.root / "releases", NOW)


def test_a_tag_is_one_the_course_declares(sample):
    sample.change(EXAM, "crack:\n  type: single", "crack:\n  tags: [夜里]\n  difficulty: easy\n  type: single")
    assert any('report.yaml:2: 标签 "夜里" 在 course.yaml 的 tags 里没有' in each for each in faults(sample))
    sample.change("course.yaml", "tier: T1", "tier: T1\ntags: [夜里]")
    assert faults(sample) == []
    sample.change(EXAM, "difficulty: easy", "difficulty: simple")
    assert any("difficulty" in each and "只能是" in each for each in faults(sample))


@pytest.mark.parametrize(
    ("slot", "fault"),
    [
        ("indicator: C5.2.a, difficulty: easy, points: 20", ""),
        ("indicator: C5.2.a, tag: 夜里, difficulty: easy, points: 20", ""),
        ("indicator: C5.2.a, difficulty: [easy, medium], points: 20", ""),
        ("indicator: C5.2.a, difficulty: [medium, hard], points: 20", "指标 C5.2.a（难度 medium、hard）的题不够"),
        ("indicator: C5.2.a, difficulty: hard, points: 20", "指标 C5.2.a（难度 hard）的题不够"),
        ("indicator: C5.2.a, tag: 白天, points: 20", "指标 C5.2.a（标签 白天）的题不够"),
        ("indicator: C5.2.a, tag: 雪天, points: 20", '标签 "雪天" 在 course.yaml 的 tags 里没有'),
        ("question: crack, difficulty: easy, points: 20", '"difficulty" 只能和 indicator 一起用'),
    ],
)
def test_a_blueprint_may_ask_for_a_difficulty_and_a_tag(sample, slot, fault):
    sample.change("course.yaml", "tier: T1", "tier: T1\ntags: [夜里, 白天]")
    sample.change(EXAM, "crack:\n  type: single", "crack:\n  tags: [夜里]\n  difficulty: easy\n  type: single")
    sample.change("exam.yaml", "indicator: C5.2.a, points: 20", slot)
    found = faults(sample)
    assert any(fault in each for each in found) if fault else found == [], found
