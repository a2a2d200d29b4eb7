"""Fetching a task, and a trainer's handing out one of their own."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeFetchAssignment, ExchangeReleaseAssignment

from grading.bundle import packed
from grading.exchange.base import PortalExchange, unfolded


class PortalFetchAssignment(PortalExchange, ExchangeFetchAssignment):
    """`nbgrader fetch_assignment`: what somebody has written is never written over."""

    def init_dest(self) -> None:
        self.into = self.task_folder(self.course, self.task)
        if self.into.is_dir() and not self.replace_missing_files:
            self.fail(f"这里已经有这份作业了：{self.into}；少了文件要补，加上 --replace")

    def copy_files(self) -> None:
        data = self.portal.folder("courses", self.course, "tasks", self.task, "folder")
        for path in unfolded(data, self.into):
            self.log.info("领到 %s", path)


class PortalReleaseAssignment(PortalExchange, ExchangeReleaseAssignment):
    """`nbgrader release_assignment`: a task of a trainer's own, to the learners they are trusted with."""

    def init_src(self) -> None:
        self.course  # noqa: B018 - refuses before anything is read
        self.folder = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", self.task))
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", self.task))
        if not self.folder.is_dir():
            first = "；先运行 nbgrader generate_assignment" if source.is_dir() else ""
            self.fail(f"没有这个文件夹：{self.folder}{first}")

    def copy_files(self) -> None:
        data = packed(self.gathered(self.folder))
        self.portal.post("desk", "hand-outs", data=data, course=self.course, task=self.task, force=self.force)
        self.log.info("发给学员了：%s %s", self.course, self.task)
