"""Handing in: the portal's answer is the proof, a copy stays beside it in the person's own folder."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeSubmit
from nbgrader.utils import find_all_notebooks

from grading.bundle import packed
from grading.exchange.base import PortalExchange, stamp, unfolded


class PortalSubmit(PortalExchange, ExchangeSubmit):
    """`nbgrader submit`."""

    def init_src(self) -> None:
        named = self.task_folder(self.course, self.task) if self.path_includes_course else self.task_folder("", self.task)
        self.coursedir.assignment_id = named.name
        self.folder = named
        self.student  # noqa: B018 - refuses before anything is read
        if not named.is_dir():
            self.fail(f"没有这个文件夹：{named}；先领作业，再在它外面一层运行")

    def copy_files(self) -> None:
        files = self.gathered(self.folder)
        self._compare()
        data = packed(files)
        told = self.portal.post("courses", self.course, "tasks", self.task, "submissions", data=data)
        moment = stamp(told["submitted_at"])
        kept = Path(self.cache, self.course, f"{self.student}+{self.task}+{moment}")
        unfolded(data, kept, over=True)
        (kept / "timestamp.txt").write_text(moment, encoding="utf-8")
        (kept / "work_id.txt").write_text(str(told["id"]), encoding="utf-8")
        self.log.info("交上了：%s %s %s%s", self.course, self.task, moment, "（过了截止时间）" if told["late"] else "")

    def _compare(self) -> None:
        """Say which notebooks are missing and which are more than was asked; with --strict none may be missing."""
        asked = self.portal.get("tasks", course=self.course)["tasks"]
        wanted = {f"{each}.ipynb" for task in asked if task["task"] == self.task for each in task["notebooks"]}
        found = set(find_all_notebooks(str(self.folder)))
        if wanted - found:
            words = f"少了 {'、'.join(sorted(wanted - found))}"
            if self.strict:
                self.fail(f"没有交：{words}")
            self.log.warning("%s", words)
        if found - wanted:
            self.log.warning("多了 %s", "、".join(sorted(found - wanted)))
