"""Every fault is told with its file and line, what is wrong and what to do; all of them at once."""

import re

import pytest

from banyan.courseware.check import check_courses
from banyan.courseware.lesson_check import TAKEN
from banyan.settings import HOUSE

COURSE, EXAM, LESSON = "course.yaml", "exam.yaml", "lessons/first.md"
BANK, PRACTICE, CASE = "questions/exam/report.yaml", "questions/practice/first.yaml", "cases/night.yaml"
FRAMEWORK, FACTS, PROGRAMME = "content/framework.yaml", "content/facts.yaml", "content/programmes/er-t1.yaml"


def faults(sample):
    return check_courses(sample.courses, sample.content)


def test_a_sound_course_has_no_fault(sample):
    assert faults(sample) == []


def test_a_folder_whose_name_cannot_stand_in_an_address_is_told(sample):
    """Its releases would not be found again, and building would never end."""
    (sample.courses / "x-1").rename(sample.courses / "第一课")
    told = next(each for each in faults(sample) if "课程文件夹" in each)
    assert told.startswith('courses/第一课/course.yaml:1: 课程文件夹不能叫 "第一课"；只用字母')


CASES = [
    # what a file says, in its own terms
    (COURSE, "tier: T1", "tire: T1", ['course.yaml:5: 没有 "tire" 这个名字', 'course.yaml:1: 少了 "tier"'], "unknown name"),
    (COURSE, "tier: T1", "tier: T9", ["course.yaml:5: \"tier\" 只能是 'T1', 'T2' or 'T3'"], "not one of"),
    (COURSE, "online: 1", "online: 一", ['course.yaml:6: "online" 应当是数字'], "wrong type"),
    (COURSE, "{zh: 会首报, en: Can report}", "{zh: 会首报}", ['course.yaml:4: 少了 "en"'], "missing in a list"),
    (COURSE, "tier: T1", "tier: T1\ntier: T2", ['course.yaml:6: "tier" 写了两次'], "said twice"),
    (COURSE, "tier: T1", "tier: &t T1", ["course.yaml:5: 这里用了锚点（&）或标签（!）"], "anchor"),
    (
        COURSE,
        "summary: {zh: 学会报告, en: Learn to report}",
        "summary: *t",
        ["course.yaml:2: 这里用了引用（*）"],
        "alias to nothing",
    ),
    (COURSE, "tier: T1", "tier: !!python/name:os.system T1", ["course.yaml:5: 这里用了锚点"], "tag"),
    (COURSE, "tier: T1", "tier: [T1", ["course.yaml:6: YAML 的写法读不懂"], "not YAML"),
    (COURSE, "tier: T1", "\ttier: T1", ["course.yaml:5: YAML 的写法读不懂"], "a tab"),
    (
        COURSE,
        "lessons: [first]",
        "lessons: [first, second]",
        ['course.yaml:8: 课文 "second" 没有文件 lessons/second.md'],
        "no lesson file",
    ),
    (
        COURSE,
        "teaches: {C5.2: 3}",
        "teaches: {C5.9: 3}",
        ['course.yaml:7: 能力 "C5.9" 在 framework.yaml 里没有'],
        "unknown competency",
    ),
    # questions
    (
        BANK,
        "key: B\n",
        "key: E\n",
        ['report.yaml:5: "key" 写了选项 "E"，可是选项只有 A、B；改成其中一个，或补上这个选项'],
        "key names no option",
    ),
    (
        BANK,
        "key: [A, B]",
        "key: [A, F]",
        ['report.yaml:13: "key" 写了选项 "F"，可是选项只有 A、B、C、D'],
        "one key names no option",
    ),
    (BANK, "hard_fail: [A]", "hard_fail: [B]", ['report.yaml:7: "hard_fail" 里有正确答案 "B"'], "the key is unforgivable"),
    (BANK, "type: single", "type: singel", ['report.yaml:2: 题 "crack" 的 "type" 是 \'singel\''], "unknown type"),
    (BANK, "  type: numeric\n", "", ['report.yaml:17: 题 "people" 没有写 "type"'], "no type"),
    (BANK, "  type: single\n", "  type: single\n  id: x\n", ['report.yaml:3: 没有 "id" 这个名字'], "an id of its own"),
    (BANK, "value: 24", "value: 二十四", ['report.yaml:20: "value" 应当是数字'], "key is no number"),
    (BANK, "tolerance: 0.5", "tolerance: -1", ['report.yaml:20: "tolerance" 不能小于 0'], "negative tolerance"),
    (
        BANK,
        "indicators: [C5.2.a]",
        "indicators: [C5.2.z]",
        ['report.yaml:6: 指标 "C5.2.z" 在 framework.yaml 里没有'],
        "unknown indicator",
    ),
    (
        BANK,
        "indicator: C5.2.b}",
        "indicator: C5.2.a}",
        ['report.yaml:27: 评分行的指标 "C5.2.a" 不在这道题的 "indicators" 里'],
        "rubric row astray",
    ),
    (BANK, "people:", "crack:", ['report.yaml:17: "crack" 写了两次'], "id twice in a file"),
    (BANK, "people:", "try-it:", ['report.yaml:17: 题名 "try-it" 练习题里也有'], "id in both pools"),
    (
        BANK,
        "坡裂了，先做什么？",
        "先做什么？",
        ['report.yaml:3: 题 "crack" 和练习题 "try-it" 是同一道题'],
        "same question in both pools",
    ),
    (BANK, "stem: 共几人？", "stem: 共<b>几</b>人？", ["report.yaml:19: 题干里有图片、链接或 HTML"], "markup in a stem"),
    (BANK, "facts: [F1]", "facts: [F9]", ['report.yaml:16: 事实 "F9" 在 facts.yaml 里没有'], "unknown fact"),
    (BANK, "facts: [F1]", "facts: [F1, F2]", ['report.yaml:16: 事实 "F2" 已被 F1 取代'], "superseded fact"),
    (
        BANK,
        "  own: care\n",
        "",
        ['report.yaml:1: 题 "crack" 没有写根据什么；写上 facts；不说世上的事的，写 own: skill'],
        "a claim without a source",
    ),
    (BANK, "own: skill", "own: law", ["report.yaml:22: \"own\" 只能是 'care' or 'skill'"], "a ground of its own making"),
    (CASE, "facts: [F1]\n", "", ['night.yaml:1: 题 "night" 没有写根据什么'], "a case without a source"),
    (BANK, "facts: [F1]", "facts: [F3]", ['report.yaml:16: 事实 "F3" 只凭记忆'], "fact from memory"),
    (
        PRACTICE,
        "  feedback: {A: 照片救不了人。, B: 对。}\n",
        "",
        ['first.yaml:1: 练习题 "try-it" 没有 "feedback"'],
        "practice does not teach",
    ),
    (
        PRACTICE,
        "B: 对。}",
        "C: 对。}",
        ['first.yaml:6: "feedback" 里少了 "B"', 'first.yaml:6: "feedback" 里的 "C" 没有对应的答案'],
        "feedback",
    ),
    # cases
    (CASE, "start: crack", "start: slide", ['night.yaml:2: "start" 写了情景 "slide"'], "no start"),
    (
        CASE,
        "next: count",
        "next: end",
        ['night.yaml:14: 情景 "count" 走不到', 'night.yaml:3: 最好的走法在 "routing" 上只得 0 分'],
        "out of reach",
    ),
    (CASE, "        next: end\n", "        next: crack\n", ["绕回它自己"], "a circle"),
    (CASE, "        next: end\n", "", ['night.yaml:18: 少了 "next"'], "a dead end"),
    (CASE, "next: count", "next: nowhere", ['night.yaml:10: "next" 写了情景 "nowhere"'], "leads nowhere"),
    (CASE, "privacy: 5", "privacy: 4", ['night.yaml:3: 最好的走法在 "privacy" 上只得 4 分，满分是 5'], "best way not 100"),
    (CASE, "privacy: 5", "speed: 5", ['night.yaml:21: "effects" 里没有 "speed" 这一项'], "unknown dimension"),
    (CASE, "[C5.2.b]", "[C5.2.x]", ['night.yaml:22: 指标 "C5.2.x" 在 framework.yaml 里没有'], "unknown indicator in a case"),
    # the exam
    (
        EXAM,
        "minutes: 20",
        "minutes: 20\nopens_at: 2026-02-30 08:00",
        ['exam.yaml:2: "2026-02-30 08:00" 不是一个日期和时间'],
        "no such day",
    ),
    (EXAM, "minutes: 20", "minutes: 20\nopens_at: 12月1日", ["exam.yaml:2:"], "no moment at all"),
    (
        EXAM,
        "minutes: 20",
        "minutes: 20\nopens_at: 2026-12-02 08:00\ncloses_at: 2026-12-01 18:00",
        ["exam.yaml:3: 截止的时间不晚于开始的时间"],
        "closes before it opens",
    ),
    (EXAM, "points: 20, count: 2", "points: 20, count: 1", ["exam.yaml:5: 各题位的分数加起来是 80 分，不是 100 分"], "points"),
    (EXAM, "{question: note", "{question: [note, people]", ["exam.yaml:8: 一个题位里既有简答题又有自动评分的题"], "mixed slot"),
    (EXAM, "{question: note", "{question: nota", ['exam.yaml:8: 题 "nota" 在 questions/exam 里没有'], "unknown question"),
    (EXAM, "{question: note", "{question: try-it", ['exam.yaml:8: 题 "try-it" 是练习题，不能放进考试'], "practice in the exam"),
    (
        EXAM,
        "{question: note",
        "{question: people",
        ["exam.yaml:8: 这个题位还差 1 道题：这里的题别的题位已经用了"],
        "same question twice",
    ),
    (EXAM, "{case: night", "{case: day", ['exam.yaml:9: 案例 "day" 在 cases/ 里没有'], "unknown case"),
    (EXAM, "{case: night", "{case: [night, day]", ['exam.yaml:9: 案例 "day" 在 cases/ 里没有'], "one of several cases unknown"),
    (EXAM, "{case: night", "{case: []", ['exam.yaml:9: "case" 一个案例也没有写'], "no case named"),
    (
        EXAM,
        "C5.2.b, points: 20, count: 2",
        "C5.2.b, points: 10, count: 4",
        ["exam.yaml:7: 这个题位还差 2 道题：指标 C5.2.b 的题不够"],
        "bank too small",
    ),
    (
        EXAM,
        "{question: note",
        "{question: note, case: night",
        ["exam.yaml:8: 一个题位要写 indicator、question、case 当中的一个"],
        "two in one slot",
    ),
    # lessons
    (LESSON, "minutes: 6", "minute: 6", ['first.md:3: 没有 "minute" 这个名字', 'first.md:2: 少了 "minutes"'], "header"),
    (LESSON, "minutes: 6", "minutes: 30", ["first.md:1: 写了 30 分钟，可是只有 2 步"], "too many minutes"),
    (LESSON, "---\ntitle", "title", ["first.md:1: 课文开头没有 --- 括起来的表头"], "no header"),
    (LESSON, "# 首报\n", "", ["first.md:1: 课文没有 “# ” 标题"], "no title"),
    (LESSON, "## 算一算", "# 算一算", ["first.md:18: 课文有两个 “# ” 标题"], "two titles"),
    (LESSON, "雨很大", "雨很大" * 400, ["first.md:9: “一个夜晚”这一步大约要"], "a long step"),
    (LESSON, "(sums)=\n", "", ["first.md:17: “算一算”这一步没有名字；标题上面紧挨着写一行 (名字)="], "no name for a step"),
    (
        LESSON,
        "(sums)=\n",
        "(sums)=\n\n",
        ["first.md:19: “算一算”这一步没有名字", "first.md:17: (sums)= 下面不是一步的标题"],
        "a name astray",
    ),
    (
        LESSON,
        "(sums)=",
        "(Sums)=",
        ['first.md:17: 步名 "Sums" 里有不能用的字；只用小写字母、数字和 -'],
        "a name of other letters",
    ),
    (LESSON, "(sums)=", "(one-night)=", ['first.md:17: 步名 "one-night" 第 8 行已经用过；换一个名字'], "a name twice"),
    (LESSON, "(sums)=", "(finish)=", ['first.md:17: 步名 "finish" 页面自己要用'], "a name the page has taken"),
    (
        LESSON,
        "再看一次{fact}`F1`",
        "再看一次",
        ["first.md:18: “算一算”这一步没有依据；引用 {fact}；不说世上的事的"],
        "a step without a source",
    ),
    (LESSON, "minutes: 6", "minutes: 6\nown: [sum]", ['first.md:1: "own" 写了 "sum"，没有这一步'], "no such step to be its own"),
    (LESSON, "minutes: 6", "minutes: 6\nown: [sums]", ['first.md:1: "own" 里的 "sums" 已经引用了依据'], "own and cited"),
    (LESSON, "再看一次{fact}`F1`", "再看\n一次{fact}`F2`", ['first.md:21: 事实 "F2" 已被 F1 取代'], "superseded fact in prose"),
    (LESSON, "再看一次", "{sup}`一`", ["first.md:20: 课文里不能用 记号 {sup}"], "foreign role"),
    (LESSON, "再看一次", "<script>1</script>", ["first.md:20: 课文里不能用 HTML"], "HTML"),
    (LESSON, "再看一次", "```{note}\n注意\n```\n", ["first.md:20: 课文里不能用 指令 {note}"], "directive"),
    (LESSON, 'ask("try-it")', 'ask("crack")', ['first.md:14: 题 "crack" 是考试题，不能在课文里问'], "exam question in a lesson"),
    (LESSON, 'ask("try-it")', 'ask("tri")', ['first.md:14: 题 "tri" 在 questions/practice 里没有'], "unknown practice"),
    (
        LESSON,
        'ask("try-it")',
        'x = ask("try-it")',
        ['first.md:14: 出练习题的代码格写得不对；整格只写 ask("题名")'],
        "ask with more",
    ),
    (LESSON, "show(water(3))", "show(water(3)", ["first.md:24: 这段 Python 代码有语法错误"], "syntax"),
    (LESSON, "models.rain", "models.snow", ['first.md:23: 代码用了 "models.snow"，models/ 里没有这个文件'], "unknown model"),
    (LESSON, "from models.rain import water", "import requests", ['first.md:23: 代码用了 "requests"'], "foreign import"),
    (LESSON, "crack.svg", "none.svg", ["first.md:11: 没有图片 ../figures/none.svg"], "no picture"),
    (LESSON, "![一条裂缝]", "![]", ["first.md:11: 图片 ../figures/crack.svg 没有说明文字"], "no words for a picture"),
    (
        LESSON,
        "../figures/crack.svg",
        "../../../content/facts.yaml",
        ["first.md:11: 图片 ../../../content/facts.yaml 不在课程文件夹里"],
        "picture outside",
    ),
    (
        LESSON,
        "../figures/crack.svg",
        "https://x.example/y.png",
        ["first.md:11: 图片 https://x.example/y.png 不在课程文件夹里"],
        "picture from afar",
    ),
    (
        LESSON,
        "```{code-cell} ipython3",
        "```{code-cell} python",
        ["first.md:13: 代码格的第一行写得不对"],
        "cell in another language",
    ),
    ("models/rain.py", "import math", "import numpy", ['models/rain.py:3: 代码用了 "numpy"'], "a model that needs more"),
    # the practical
    (
        "practical.yaml",
        "{indicator: C5.2.b",
        "{indicator: C1.3.a",
        ['practical.yaml:7: "C1.3.a" 不是 C5.2 的指标'],
        "foreign tick",
    ),
    (
        "practical.yaml",
        "{indicator: C5.2.b",
        "{indicator: C5.2.q",
        ['practical.yaml:7: 指标 "C5.2.q" 在 framework.yaml 里没有'],
        "unknown tick",
    ),
    # what courses share
    (FACTS, "  source: 旧网页\n", "", ['facts.yaml:7: 少了 "source"'], "fact without source"),
    (FACTS, "source: 旧网页", 'source: ""', ['facts.yaml:10: "source" 是空的'], "fact with an empty source"),
    (
        FACTS,
        "superseded_by: F1",
        "superseded_by: F8",
        ['facts.yaml:13: "superseded_by" 写了 F8，没有这一条'],
        "superseded by nothing",
    ),
    (FACTS, "2024-11-01", "2024-11-31", ["facts.yaml:5: 没有 2024-11-31 这一天"], "no such day"),
    (FRAMEWORK, "valid_months: 12", "valid_months: 十二", ['framework.yaml:11: "valid_months" 应当是整数'], "framework type"),
    (FRAMEWORK, "SIM, OS]", "SIM, XX]", ['framework.yaml:10: "evidence" 的第 3 项 只能是'], "unknown kind"),
    (
        PROGRAMME,
        "targets: {C5.2: 3}",
        "targets: {C9.9: 3}",
        ['er-t1.yaml:6: 能力 "C9.9" 在 framework.yaml 里没有'],
        "unknown target",
    ),
    (
        PROGRAMME,
        "targets: {C5.2: 3}",
        "targets: {C5.2: 4}",
        ["er-t1.yaml:6: C5.2 要到 4 级，可是这些课程最多只能到 3 级"],
        "target too high",
    ),
    (
        "practical.yaml",
        "  - {indicator: C5.2.b, does: 六样说全}\n",
        "",
        ["er-t1.yaml:6: C5.2 要到 3 级，可是这些课程最多只能到 2 级（OS 还差 C5.2.b）"],
        "practical shows too little",
    ),
    (PROGRAMME, "courses: [x-1]", "courses: [x-2]", ['er-t1.yaml:7: 课程 "x-2" 没有文件夹'], "unknown course"),
    (PROGRAMME, "hours_max: 8", "hours_max: 2", ["er-t1.yaml:8: 各门课加起来 3 学时，超过 2 学时"], "too many hours"),
]


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
