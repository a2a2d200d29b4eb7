"""What all parts of the exchange share: asking the portal, folders to and from the disk, moments as nbgrader writes them."""

import fnmatch
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from nbgrader.exchange.abc import Exchange
from nbgrader.exchange.abc.exchange import ExchangeError
from nbgrader.utils import get_username
from traitlets import Bool, Unicode, default

from banyan.errors import BanyanError
from grading.bundle import check_names, unpacked
from grading.exchange.wire import Portal

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
KB = 1000  # bytes, as nbgrader counts


class PortalExchange(Exchange):
    """nbgrader's exchange, carried by the portal."""

    root = Unicode("", help="Taken and not used: there is no folder that everybody may write to.").tag(config=True)
    cache = Unicode(help="Where copies of what was handed in are kept beside the portal's.").tag(config=True)
    path_includes_course = Bool(False, help="Whether a task lies in a folder named like its course.").tag(config=True)

    @default("cache")
    def _cache(self) -> str:
        return os.path.join(jupyter_data_dir(), "nbgrader_cache")

    @cached_property
    def portal(self) -> Portal:
        return Portal.here()

    @property
    def course(self) -> str:
        """The course that was named; without one nothing is done."""
        if not self.coursedir.course_id:
            self.fail("没有说明是哪门课：加上 --course 课程名")
        return str(self.coursedir.course_id)

    @property
    def task(self) -> str:
        return str(self.coursedir.assignment_id)

    @property
    def student(self) -> str:
        """Whom copies are kept for: oneself, by the hub's name, since behind its walls a server's system knows no names.

        The portal goes by the token alone.
        """
        named, me = self.coursedir.student_id, os.environ.get("JUPYTERHUB_USER") or str(get_username())
        if named not in ("*", "", me):
            self.fail(f"只能用自己的名义领和交，不能用 {named}")
        return me

    def start(self) -> Any:
        """Do it; what the portal or the disk refuses is told as nbgrader tells its own refusals."""
        try:
            return super().start()
        except BanyanError as refusal:
            self.fail(str(refusal))

    def init_src(self) -> None:
        """Nothing to look up beforehand, unless a part says so."""

    def init_dest(self) -> None:
        """The same."""

    def task_folder(self, course: str, task: str) -> Path:
        """Return where somebody's copy of a task lies."""
        return Path(os.path.abspath(os.path.join(self.assignment_dir, course if self.path_includes_course else "", task)))

    def gathered(self, folder: Path) -> dict[str, bytes]:
        """Return the files of a folder that go on their way: links, what nbgrader ignores and what is too large stay here."""
        files, size = {}, 0
        for path in self._plain(folder):
            length = path.stat().st_size
            if length > self.coursedir.max_file_size * KB:
                self.log.warning("太大，没有带上：%s", path)
                continue
            size += length
            if size > self.coursedir.max_dir_size * KB:
                raise RuntimeError(f"这个文件夹太大，最多 {self.coursedir.max_dir_size} kB：{folder}")
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
        check_names(list(files))
        return files

    def _plain(self, folder: Path) -> Iterator[Path]:
        for where, folders, names in os.walk(folder):
            folders[:] = [each for each in sorted(folders) if not self._ignored(each) and not each.startswith(".")]
            for name in sorted(names):
                path = Path(where, name)
                wanted = any(fnmatch.fnmatch(name, each) for each in self.coursedir.include)
                if wanted and not self._ignored(name) and not name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield path

    def _ignored(self, name: str) -> bool:
        return any(fnmatch.fnmatch(name, each) for each in self.coursedir.ignore)


def unfolded(data: bytes, folder: Path, over: bool = False) -> list[Path]:
    """Write a zip's files into a folder and return the new ones; what is there already stays unless `over` says otherwise."""
    written = []
    for name, content in unpacked(data).items():
        path = folder / name
        if over or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


def stamp(told: str) -> str:
    """Return a moment of the portal's as nbgrader writes it."""
    return datetime.fromisoformat(told).astimezone(UTC).strftime(STAMP)


__all__ = ["ExchangeError", "PortalExchange", "stamp", "unfolded"]
