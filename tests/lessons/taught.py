"""What the small house teaches: a lesson that computes, one that only asks, one whose code is up to no good."""

from pathlib import Path

from tests.courseware.sample import FILES

TRIAL = """---
title: {zh: 试一试, en: A trial}
minutes: 9
own: [fault, nobody]
---

# 试一试

(slide)=
## 拨一拨

这句话谁都读得到。
这是第二行{fact}`F1`。

```{code-cell} ipython3
import ipywidgets as w

day = w.IntSlider(value=7, max=28, description="第几天")
said = w.HTML(f"<b>{day.value} 天</b>")
day.observe(lambda change: setattr(said, "value", f"<b>{change.new} 天</b>"), "value")
day.observe(lambda change: 1 / (28 - change.new), "value")
w.VBox([day, said])
```

(fault)=
## 出了岔子

```{code-cell} ipython3
raise ValueError("only the author may read this")
```

```{code-cell} ipython3
print("still", "running")
```

(nobody)=
## 谁也不认识

```{code-cell} ipython3
import os

print("world:", sorted(os.environ.items()), os.getcwd())
```
"""
QUIET = """---
title: {zh: 只读, en: Only to read}
minutes: 3
own: [read]
---

# 只读

(read)=
## 读一读

雨很大。

镇值班：{county}`duty_phone`。

{county}`warning_table`

```{code-cell} ipython3
ask("try-it")
```
"""


HOSTILE = """---
title: {zh: 使坏, en: Up to no good}
minutes: 3
own: [deeds]
---

# 使坏

(deeds)=
## 一样一样来

```{code-cell} ipython3
import os
import ipywidgets as w

deed, said = w.IntSlider(value=0, max=9), w.Label("0")
hoard = []


def act(change):
    if change.new == 1:
        while True:
            pass
    if change.new == 2:
        for _ in range(1_000_000):
            print("x" * 1000)
    if change.new == 3:
        while True:
            hoard.append(bytearray(10_000_000))
    if change.new == 4:
        os._exit(1)
    if change.new == 5:
        while True:
            os.fork()
    said.value = str(change.new)


deed.observe(act, "value")
w.VBox([deed, said])
```
"""


def write_lessons(root: Path) -> None:
    """Write the sample course with a lesson that computes and one that only asks."""
    lessons = {"trial": TRIAL, "quiet": QUIET, "hostile": HOSTILE}
    more = {f"courses/x-1/lessons/{name}.md": text for name, text in lessons.items()}
    for name, text in (FILES | more).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        listed = "lessons: [first, trial, quiet, hostile]\nneeds: [duty_phone, warning_table]"
        path.write_text(text.replace("lessons: [first]", listed), encoding="utf-8")
