"""A course folder, read as far as it can be read; what is wrong with its single files is told on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from banyan.courseware.catalogue import NAME
from banyan.courseware.dialogues import read_dialogues
from banyan.courseware.faults import Fault, Faults
from banyan.courseware.fit import fit
from banyan.courseware.lesson import Lesson, read_lesson
from banyan.courseware.manifest import Course, Exam, Practical
from banyan.courseware.pools import Pool, read_cases, read_pool
from banyan.courseware.task import Task, read_task
from banyan.courseware.yaml_source import Source, read

PARTS = frozenset({"course.yaml", "exam.yaml", "practical.yaml", "README.md"}) | frozenset(
    {"lessons", "questions", "cases", "dialogues", "models", "figures", "audio", "assignments"}
)
IGNORED = ("__pycache__",)


@dataclass
class CourseFiles:
    """One course as its files stand; a part that could not be read is None or missing."""

    name: str
    folder: Path
    file: str
    manifest: Course | None
    manifest_source: Source | None
    lessons: dict[str, Lesson]
    practice: Pool
    bank: Pool
    cases: Pool
    exam: Exam | None
    exam_source: Source | None
    practical: Practical | None
    practical_source: Source | None
    models: tuple[Path, ...]
    dialogues: dict[str, Source]
    tasks: dict[str, Task]

    @property
    def readable(self) -> bool:
        """Say whether nothing of the course was left out because it could not be read."""
        pools = all(each.whole for each in (self.practice, self.bank, self.cases))
        practical = self.practical is not None or not (self.folder / "practical.yaml").exists()
        return pools and practical and self.manifest is not None and self.exam is not None

    @property
    def model_names(self) -> frozenset[str]:
        return frozenset(each.stem for each in self.models)


def course_folders(root: Path) -> list[Path]:
    return sorted(each for each in root.iterdir() if each.is_dir() and not each.name.startswith((".", "_")))


def read_course(folder: Path, root: Path, faults: Faults) -> CourseFiles:
    """Read a course folder; `root` is the folder of all courses, by whose name places are told."""
    file = f"{root.name}/{folder.name}"
    manifest_source = read(folder / "course.yaml", f"{file}/course.yaml", faults)
    manifest = fit(Course, manifest_source, faults) if manifest_source else None
    exam_source = read(folder / "exam.yaml", f"{file}/exam.yaml", faults)
    practical_source = _practical(folder, file, manifest, faults)
    faults.extend(_strays(folder, file))
    return CourseFiles(
        name=folder.name,
        folder=folder,
        file=file,
        manifest=manifest,
        manifest_source=manifest_source,
        lessons=_lessons(folder, file, manifest, manifest_source, faults),
        practice=read_pool(folder / "questions" / "practice", f"{file}/questions/practice", faults),
        bank=read_pool(folder / "questions" / "exam", f"{file}/questions/exam", faults),
        cases=read_cases(folder / "cases", f"{file}/cases", faults),
        exam=fit(Exam, exam_source, faults) if exam_source else None,
        exam_source=exam_source,
        practical=fit(Practical, practical_source, faults) if practical_source else None,
        practical_source=practical_source,
        models=tuple(sorted((folder / "models").glob("*.py"))),
        dialogues=read_dialogues(folder / "dialogues", f"{file}/dialogues", faults),
        tasks=_tasks(folder / "assignments", f"{file}/assignments", manifest, manifest_source, faults),
    )


def read_manifest(folder: Path, root: Path) -> Course | None:
    """Return course.yaml alone, None if it cannot be read; the check says why."""
    source = read(folder / "course.yaml", f"{root.name}/{folder.name}/course.yaml", [])
    return fit(Course, source, []) if source else None


def _practical(folder: Path, file: str, manifest: Course | None, faults: Faults) -> Source | None:
    """Return the practical, which a course without practical hours need not have."""
    path = folder / "practical.yaml"
    if not path.exists() and (manifest is None or manifest.hours.practical == 0):
        return None
    return read(path, f"{file}/practical.yaml", faults)


def _lessons(folder: Path, file: str, manifest: Course | None, source: Source | None, faults: Faults) -> dict[str, Lesson]:
    files = _listed(folder / "lessons", f"{file}/lessons", manifest.lessons if manifest else None, source, faults)
    read_all = {path.stem: read_lesson(path, f"{file}/lessons/{path.name}", faults) for path in files}
    return {name: lesson for name, lesson in read_all.items() if lesson}


def _tasks(folder: Path, file: str, manifest: Course | None, source: Source | None, faults: Faults) -> dict[str, Task]:
    files = _listed(folder, file, manifest.assignments if manifest else None, source, faults)
    read_all = {path.stem: read_task(path, f"{file}/{path.name}", faults) for path in files}
    stems = {path.stem for path in folder.glob("*.md")}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix != ".md" and path.name not in stems and not path.name.startswith(".") and path.name not in IGNORED:
            remedy = "只放 .md 文件，和同名文件夹里的数据"
            faults.append(Fault(f"{file}/{path.name}", 1, "这里不放这种文件，也没有同名的作业", remedy))
    return {name: task for name, task in read_all.items() if task}


def _listed(folder: Path, file: str, names: tuple[str, ...] | None, source: Source | None, faults: Faults) -> list[Path]:
    """Return a part's files in the order in which course.yaml lists them; what only one of the two has is told."""
    present = {path.stem: path for path in sorted(folder.glob("*.md"))}
    part, what = folder.name, "课文" if folder.name == "lessons" else "作业"
    listed = tuple(present) if names is None else names
    for place, name in enumerate(listed):
        if name not in present and source is not None:
            text = f'{what} "{name}" 没有文件 {part}/{name}.md'
            faults.append(source.fault((part, place), text, f"补上文件，或从 {part} 里删掉"))
    for name in sorted(present.keys() - set(listed)):
        remedy = f"加进 course.yaml 的 {part}，或删掉文件"
        faults.append(Fault(f"{file}/{name}.md", 1, f"这篇{what}没有列在 course.yaml 的 {part} 里", remedy))
    return [present[name] for name in listed if name in present]


def _strays(folder: Path, file: str) -> Iterator[Fault]:
    """Yield what has a name that cannot be or means nothing: most likely a misspelt one."""
    if not NAME.fullmatch(folder.name):
        yield Fault(f"{file}/course.yaml", 1, f'课程文件夹不能叫 "{folder.name}"', "只用字母、数字、- 和 _，以字母或数字开头")
    places = [(folder, file, PARTS), (folder / "questions", f"{file}/questions", frozenset({"practice", "exam"}))]
    for within, label, known in places:
        for path in sorted(within.iterdir()) if within.is_dir() else ():
            if path.name not in known and not path.name.startswith(".") and path.name not in IGNORED:
                yield Fault(f"{label}/{path.name}", 1, "认不得这个文件或文件夹", f"只能有 {'、'.join(sorted(known))}")
    for part, suffix in (
        ("questions/practice", ".yaml"),
        ("questions/exam", ".yaml"),
        ("cases", ".yaml"),
        ("dialogues", ".yaml"),
        ("lessons", ".md"),
    ):
        within = folder / part
        for path in sorted(within.iterdir()) if within.is_dir() else ():
            if path.suffix != suffix and not path.name.startswith(".") and path.name not in IGNORED:
                yield Fault(f"{file}/{part}/{path.name}", 1, "这里不放这种文件", f"只放 {suffix} 文件")
