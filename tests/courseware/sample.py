"""A small whole course, to be copied and broken."""

from dataclasses import dataclass
from pathlib import Path

FILES = {
    "content/framework.yaml": """\
version: "2026.1"
effective_from: 2026-01-01
domains:
  - code: D5
    name: {zh: 应急, en: Emergency}
    competencies:
      - code: C5.2
        name: {zh: 信息报告, en: Reporting}
        targets: {ER: [3, 3, 4], VO: [null, 1, 2]}
        evidence: [OA, SIM, OS]
        valid_months: 12
        hard_fail: true
        indicators:
          a: {zh: 立即首报, en: Report at once}
          b: {zh: 要素齐全, en: Report completely}
""",
    "content/facts.yaml": """\
F1:
  text: {zh: 发现险情立即报告。}
  mark: V
  source: 《突发事件应对法》第六十条
  in_force_from: 2024-11-01
  reviewed_on: 2026-11-23
F2:
  text: {zh: 旧的说法。}
  mark: W
  source: 旧网页
  in_force_from: null
  reviewed_on: 2026-11-23
  superseded_by: F1
F3:
  text: {zh: 听人说的。}
  mark: K
  source: 记忆
  in_force_from: null
  reviewed_on: 2026-11-23
""",
    "content/programmes/er-t1.yaml": """\
code: ER-T1
title: {zh: 报告员, en: Reporter}
certificate_title: 培训考核合格证明
role: ER
tier: T1
targets: {C5.2: 3}
courses: [x-1]
hours_max: 8
valid_months: 12
effective_from: 2026-01-01
""",
    "courses/x-1/course.yaml": """\
title: {zh: 报告员, en: Reporter}
summary: {zh: 学会报告, en: Learn to report}
outcomes:
  - {zh: 会首报, en: Can report}
tier: T1
hours: {online: 1, practical: 1, exam: 1}
teaches: {C5.2: 3}
lessons: [first]
""",
    "courses/x-1/lessons/first.md": """\
---
title: {zh: 首报, en: First report}
minutes: 6
---

# 首报

(one-night)=
## 一个夜晚

雨很大{fact}`F1`。![一条裂缝](../figures/crack.svg)

```{code-cell} ipython3
ask("try-it")
```

(sums)=
## 算一算

再看一次{fact}`F1`。

```{code-cell} ipython3
from models.rain import water
show(water(3))
```
""",
    "courses/x-1/figures/crack.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "courses/x-1/models/rain.py": """\
\"\"\"Rain.\"\"\"

import math


def water(hours):
    return math.floor(hours * 50)
""",
    "courses/x-1/questions/practice/first.yaml": """\
try-it:
  type: single
  stem: 先做什么？
  options: {A: 拍照, B: 打电话}
  key: B
  feedback: {A: 照片救不了人。, B: 对。}
  indicators: [C5.2.a]
  facts: [F1]
""",
    "courses/x-1/questions/exam/report.yaml": """\
crack:
  type: single
  stem: 坡裂了，先做什么？
  options: {A: 拍照, B: 喊人并打电话}
  key: B
  indicators: [C5.2.a]
  hard_fail: [A]
  own: care
elements:
  type: multiple
  stem: 首报要说哪些？
  options: {A: 时间, B: 地点, C: 传言, D: 责任}
  key: [A, B]
  why: 只说看见的。
  indicators: [C5.2.b]
  facts: [F1]
people:
  type: numeric
  stem: 共几人？
  key: {value: 24, tolerance: 0.5, unit: 人}
  indicators: [C5.2.b]
  own: skill
note:
  type: open
  stem: 写一份续报。
  rubric:
    - {row: 说清变化, points: 10, indicator: C5.2.b}
  indicators: [C5.2.b]
  own: care
""",
    "courses/x-1/cases/night.yaml": """\
title: 雨夜
start: crack
injects:
  crack:
    at: "0"
    text: 坡裂了。
    choices:
      A:
        text: 马上打电话
        next: count
        effects: {timeliness: 25, completeness: 25, accuracy: 20}
        indicators: [C5.2.a]
      B: {text: 先拍照, next: end, hard_fail: 等证据}
  count:
    at: "+60"
    text: 点人。
    choices:
      A:
        text: 逐个点名
        next: end
        effects: {routing: 15, closure: 10, privacy: 5}
        indicators: [C5.2.b]
facts: [F1]
""",
    "courses/x-1/exam.yaml": """\
minutes: 20
pass: 80
attempts: 3
cooldown_hours: 12
slots:
  - {indicator: C5.2.a, points: 20}
  - {indicator: C5.2.b, points: 20, count: 2}
  - {question: note, points: 20}
  - {case: night, points: 20}
""",
    "courses/x-1/practical.yaml": """\
title: 打通一个电话
competency: C5.2
level: 3
prepare: [两部电话]
ticks:
  - {indicator: C5.2.a, does: 马上打电话}
  - {indicator: C5.2.b, does: 六样说全}
""",
}


@dataclass(frozen=True)
class Sample:
    """The sample course in a folder of its own."""

    root: Path

    @property
    def courses(self) -> Path:
        return self.root / "courses"

    @property
    def content(self) -> Path:
        return self.root / "content"

    def path(self, file: str) -> Path:
        """Return where a file of FILES lies; those of the course are named from its folder."""
        return self.root / file if file in FILES else self.courses / "x-1" / file

    def change(self, file: str, old: str, new: str) -> None:
        path = self.path(file)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        path = self.courses / "x-1" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def write(root: Path) -> Sample:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Sample(root)
