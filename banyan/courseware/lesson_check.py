"""Whether a lesson can be built and taken: its steps named and short, its facts sound, its questions there, its pictures
local."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from banyan.courseware.cell import asked, model_remarks, remarks
from banyan.courseware.content import Content
from banyan.courseware.county import county_faults
from banyan.courseware.course import CourseFiles
from banyan.courseware.facts import flaws
from banyan.courseware.faults import Fault, Faults
from banyan.courseware.glossary import term_faults
from banyan.courseware.lesson import Block, Lesson, Picture, Step, cited, foreign, headings, pictures, readable, targets
from banyan.courseware.pictures import unshowable
from banyan.courseware.yaml_source import read_text

CHARACTERS_A_MINUTE = 250
QUESTION_MINUTES = 0.5
PANEL_MINUTES = 0.75
TALK_MINUTES = 1.5
LONGEST_STEP = 3.0
"""Minutes. A slow reader's pace; half a minute for a question, three quarters for a panel to be touched, a way and
a half through a dialogue."""
STEP_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TAKEN = re.compile(
    r"away|finish|kept|lesson|next|notice|previous|progress|terms|widget-state|.*-title"
    r"|(?:banyan|cell|concern|fact|jupyter|out|practice|said|term)-.*"
)
"""What the page calls its own parts: a step is found under its name there."""
ONLY = "只用普通 Markdown、{fact} 引用、{county} 本县设置、{term} 词语和代码格"


def lesson_faults(course: CourseFiles, content: Content) -> Iterator[Fault]:
    for lesson in course.lessons.values():
        yield from _shape(lesson)
        for block in lesson.blocks:
            yield from (fault for fault in _block(lesson, block, course, content))


def model_faults(course: CourseFiles) -> Iterator[Fault]:
    """Yield what is wrong with the course's models."""
    for path in course.models:
        file = f"{course.file}/models/{path.name}"
        faults: Faults = []
        text = read_text(path, file, faults)
        yield from faults
        for line, fault, remedy in model_remarks(path, text or "", course.model_names):
            yield Fault(file, line, fault, remedy)


def _shape(lesson: Lesson) -> Iterator[Fault]:
    titles = headings(lesson, "h1")
    if not titles:
        yield Fault(lesson.file, 1, "课文没有 “# ” 标题", "表头后面写一行 # 标题")
    for line in titles[1:]:
        yield Fault(lesson.file, line, "课文有两个 “# ” 标题", "只留一个；小步用 ## ")
    if not lesson.steps:
        yield Fault(lesson.file, 1, "课文没有分步", "每一步用 “## ” 开头，一步只讲一件事")
    if lesson.steps and lesson.head.minutes > LONGEST_STEP * len(lesson.steps):
        text = f"写了 {lesson.head.minutes} 分钟，可是只有 {len(lesson.steps)} 步，每步最多 {LONGEST_STEP:g} 分钟"
        yield Fault(lesson.file, 1, text, "改 minutes，或多分几步")
    unnamed = list(_names(lesson))
    yield from unnamed or _groundless(lesson)
    for step in lesson.steps if not unnamed else ():
        minutes = step_minutes(lesson, step)
        if minutes > LONGEST_STEP:
            text = f"“{step.title}”这一步大约要 {minutes:.1f} 分钟，超过 {LONGEST_STEP:g} 分钟"
            yield Fault(lesson.file, step.line, text, "拆成两步，或删短")


def _names(lesson: Lesson) -> Iterator[Fault]:
    """Yield what is wrong with the steps' names; who has read a step has read it under its name, release after release."""
    seen: dict[str, int] = {}
    for step in lesson.steps:
        if not step.name:
            text = f"“{step.title}”这一步没有名字"
            yield Fault(lesson.file, step.line, text, "标题上面紧挨着写一行 (名字)=，例如 (first-call)=")
        elif not STEP_NAME.fullmatch(step.name):
            text = f'步名 "{step.name}" 里有不能用的字'
            yield Fault(lesson.file, step.line - 1, text, "只用小写字母、数字和 -")
        elif TAKEN.fullmatch(step.name):
            yield Fault(lesson.file, step.line - 1, f'步名 "{step.name}" 页面自己要用', "换一个名字")
        elif step.name in seen:
            text = f'步名 "{step.name}" 第 {seen[step.name]} 行已经用过'
            yield Fault(lesson.file, step.line - 1, text, "换一个名字")
        seen.setdefault(step.name, step.line - 1)
    for block in lesson.prose():
        for target, line in targets(block):
            yield Fault(lesson.file, line, f"{target} 下面不是一步的标题", "移到 “## ” 标题的上一行，或删掉")


def _groundless(lesson: Lesson) -> Iterator[Fault]:
    """Yield each step that neither cites a fact nor is said to state none, and whatever the header says of this in vain."""
    cites = {block.step for block in lesson.prose() for _ in cited(block)}
    for step in lesson.steps:
        if step.name not in cites and step.name not in lesson.head.own:
            remedy = f"引用 {{fact}}；不说世上的事的（故事、动手做、本课自己的要求），在表头写 own: [{step.name}]"
            yield Fault(lesson.file, step.line, f"“{step.title}”这一步没有依据", remedy)
    for name in lesson.head.own:
        if name not in {step.name for step in lesson.steps}:
            yield Fault(lesson.file, 1, f'"own" 写了 "{name}"，没有这一步', "改成已有的步名，或删掉")
        elif name in cites:
            yield Fault(lesson.file, 1, f'"own" 里的 "{name}" 已经引用了依据', "从 own 里删掉它")


def step_minutes(lesson: Lesson, step: Step) -> float:
    """Return how long a slow reader needs for a step."""
    mine = [block for block in lesson.blocks if block.step == step.name]
    characters = sum(len("".join(readable(block).split())) for block in mine if block.kind == "markdown")
    questions = sum(1 for block in mine if block.kind == "code" and asked(block))
    panels = sum(1 for block in mine if block.kind == "code" and "show(" in block.text)
    talks = sum(1 for block in mine if block.kind == "code" and "talk(" in block.text)
    touched = questions * QUESTION_MINUTES + panels * PANEL_MINUTES + talks * TALK_MINUTES
    return characters / CHARACTERS_A_MINUTE + touched


def _block(lesson: Lesson, block: Block, course: CourseFiles, content: Content) -> Iterator[Fault]:
    if block.kind == "code":
        yield from (Fault(lesson.file, *remark) for remark in remarks(block, course.model_names))
        yield from _asked(lesson, block, course)
    elif block.kind == "markdown":
        for what, line in foreign(block):
            yield Fault(lesson.file, line, f"课文里不能用 {what}", ONLY)
        yield from county_faults(lesson, block, course.manifest.needs if course.manifest else ())
        yield from term_faults(lesson, block, content.glossary)
        for fact, line in cited(block):
            yield from (Fault(lesson.file, line, *flaw) for _, flaw in flaws([fact], content.facts))
        for picture in pictures(block):
            yield from _picture(lesson, picture, course.folder)
    else:
        yield Fault(lesson.file, block.line, "课文里不能用 raw 格", "改成普通文字或代码格")


def _asked(lesson: Lesson, block: Block, course: CourseFiles) -> Iterator[Fault]:
    name = asked(block)
    if name is None or name in course.practice.named:
        return
    if name in course.bank.named:
        yield Fault(lesson.file, block.line, f'题 "{name}" 是考试题，不能在课文里问', "换成 questions/practice 里的题")
    else:
        yield Fault(lesson.file, block.line, f'题 "{name}" 在 questions/practice 里没有', "补上它，或改名字")


def _picture(lesson: Lesson, picture: Picture, folder: Path) -> Iterator[Fault]:
    path = picture_path(lesson, picture, folder)
    if not picture.alt.strip():
        yield Fault(lesson.file, picture.line, f"图片 {picture.src} 没有说明文字", "写成 ![图上是什么](…)，看不见图的人靠它")
    if path is None:
        yield Fault(lesson.file, picture.line, f"图片 {picture.src} 不在课程文件夹里", "放进 figures/，写 ../figures/文件名")
    elif flaw := unshowable(path, picture.src):
        yield Fault(lesson.file, picture.line, *flaw)


def picture_path(lesson: Lesson, picture: Picture, folder: Path) -> Path | None:
    """Return the file a picture names, None if that is not a file of this course."""
    parts = urlsplit(picture.src)
    if parts.scheme or parts.netloc or "\0" in unquote(parts.path):
        return None
    path = (lesson.path.parent / unquote(parts.path)).resolve()
    return path if path.is_relative_to(folder.resolve()) else None
