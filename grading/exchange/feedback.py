"""nbgrader's pages about what was handed in: a trainer gives them to the portal, the learner fetches their own."""

from pathlib import Path

from nbgrader.exchange.abc import ExchangeFetchFeedback, ExchangeReleaseFeedback

from grading.bundle import packed
from grading.exchange.base import PortalExchange, stamp, unfolded


class PortalReleaseFeedback(PortalExchange, ExchangeReleaseFeedback):
    """`nbgrader release_feedback`: each page goes to the one submission that was collected."""

    def copy_files(self) -> None:
        known = {
            (each["student"], stamp(each["submitted_at"])): each["id"]
            for each in self.portal.get("desk", "submissions", course=self.course, task=self.task)["submissions"]
        }
        left_out = set((self.coursedir.student_id_exclude or "").split(","))
        for folder in self._folders():
            student = folder.parent.name
            pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
            if student in left_out or not pages:
                continue
            moment = (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
            if (student, moment) not in known:
                self.log.error("这份没有从平台上收过，批语发不出去：%s %s %s", student, self.task, moment)
                continue
            self.portal.post("desk", "submissions", str(known[student, moment]), "feedback", data=packed(pages))
            self.log.info("批语发给学员了：%s %s", student, self.task)

    def _folders(self) -> list[Path]:
        """Return the folders of pages, one a learner; the learner's handle is the name of the folder above."""
        place = Path(self.coursedir.format_path(self.coursedir.feedback_directory, "PLACE", self.task))
        students = place.parent.parent
        wanted = self.coursedir.student_id or "*"
        return sorted(path for path in students.glob(f"{wanted}/{self.task}") if path.is_dir())


class PortalFetchFeedback(PortalExchange, ExchangeFetchFeedback):
    """`nbgrader fetch_feedback`: into `feedback/<when it was handed in>/` within the task's folder."""

    def copy_files(self) -> None:
        asked = self.portal.get("submissions", course=self.course, task=self.task)["submissions"]
        for each in asked:
            moment = stamp(each["submitted_at"])
            if not each["feedback"]:
                self.log.warning("还没有批语：%s %s %s", self.course, each["task"], moment)
                continue
            into = self.task_folder(self.course, each["task"]) / "feedback" / moment
            unfolded(self.portal.folder("submissions", str(each["id"]), "feedback"), into, over=True)
            self.log.info("批语领到了：%s", into)
