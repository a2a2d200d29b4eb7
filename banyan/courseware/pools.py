"""The questions of a course: a practice pool that ships with the page, an exam bank that never does, and the cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from banyan.courseware.faults import Faults
from banyan.courseware.fit import fit
from banyan.courseware.yaml_source import Place, Source, read
from grading.questions import REGISTRY, Item, case


@dataclass
class Pool:
    """Questions by id, and where each stands."""

    items: dict[str, Item] = field(default_factory=dict)
    where: dict[str, tuple[Source, Place]] = field(default_factory=dict)
    named: dict[str, tuple[Source, Place]] = field(default_factory=dict)
    """Every id that the files use, also of questions that do not fit."""
    files_read: bool = True

    @property
    def whole(self) -> bool:
        """Say whether every file could be read and every question in them fits."""
        return self.files_read and len(self.items) == len(self.named)

    def __iter__(self) -> Iterator[tuple[Item, Source, Place]]:
        return ((item, *self.where[each]) for each, item in self.items.items())

    def take(self, item: Item | None, name: str, source: Source, place: Place) -> None:
        self.named[name] = (source, place)
        if item is not None:
            self.items[name] = item
            self.where[name] = (source, place)


def read_pool(folder: Path, file: str, faults: Faults) -> Pool:
    """Return the questions of all files in a folder."""
    pool = Pool()
    for path in sorted(folder.glob("*.yaml")):
        source = read(path, f"{file}/{path.name}", faults)
        if source is None:
            pool.files_read = False
            continue
        for name in source.data:
            if name in pool.named:
                other, place = pool.named[name]
                text = f'题名 "{name}" 已经在 {other.file}:{other.line(place)} 用过'
                faults.append(source.fault((name,), text, "换一个名字"))
                continue
            pool.take(_question(name, source, faults), name, source, (name,))
    return pool


def _question(name: str, source: Source, faults: Faults) -> Item | None:
    data = source.data[name]
    kind = data.get("type") if isinstance(data, dict) else None
    known = [each for each in REGISTRY if each != case.name]
    if kind not in known:
        place: Place = (name, "type") if isinstance(data, dict) and "type" in data else (name,)
        text = f'题 "{name}" 的 "type" 是 {kind!r}' if kind is not None else f'题 "{name}" 没有写 "type"'
        faults.append(source.fault(place, text, f"只能是 {'、'.join(known)}；案例放在 cases/ 里"))
        return None
    item: Item | None = fit(REGISTRY[kind].Item, source, faults, (name,), id=name)
    return item


def read_cases(folder: Path, file: str, faults: Faults) -> Pool:
    """Return the branching cases: a file each, named by its file."""
    pool = Pool()
    for path in sorted(folder.glob("*.yaml")):
        source = read(path, f"{file}/{path.name}", faults)
        if source is None:
            pool.files_read = False
        else:
            pool.take(fit(case.Item, source, faults, id=path.stem, type=case.name), path.stem, source, ())
    return pool
