"""A trainer takes what was handed in along into their own nbgrader folder: of each learner the last, or the last in time."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.abc import ExchangeCollect

from grading.exchange.base import PortalExchange, stamp, unfolded


class PortalCollect(PortalExchange, ExchangeCollect):
    """`nbgrader collect`. Learners go by the opaque handles their gradebook knows them by."""

    def init_src(self) -> None:
        asked = self.portal.get("desk", "submissions", course=self.course, task=self.task)["submissions"]
        of = defaultdict(list)
        for each in asked:
            if self.coursedir.student_id in ("*", "", each["student"]):
                of[each["student"]].append(each)
        due = self._due() if self.before_duedate else None
        self.chosen = [_last(theirs, due) for theirs in of.values()]

    def copy_files(self) -> None:
        if not self.chosen:
            self.log.warning("还没有人交 %s %s", self.course, self.task)
        for each in self.chosen:
            place = Path(self.coursedir.format_path(self.coursedir.submitted_directory, each["student"], self.task))
            if self._wanted(each, place):
                self._take(each, place)
            else:
                self.log.info("已经有了，没有更新：%s %s；要换成新的，加上 --update", each["student"], self.task)

    def _take(self, each: Mapping[str, Any], place: Path) -> None:
        data = self.portal.folder("desk", "submissions", str(each["id"]), "folder")
        if place.is_dir():
            shutil.rmtree(place)
        unfolded(data, place, over=True)
        (place / "timestamp.txt").write_text(stamp(each["submitted_at"]), encoding="utf-8")
        (place / "work_id.txt").write_text(str(each["id"]), encoding="utf-8")
        self.log.info("收上来了：%s %s", each["student"], self.task)

    def _wanted(self, each: Mapping[str, Any], place: Path) -> bool:
        if not place.is_dir():
            return True
        held, told = self.coursedir.get_existing_timestamp(str(place)), _moment(each)
        return (self.update and (held is None or told > held)) or (self.before_duedate and held != told)

    def _due(self) -> datetime | None:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                due: datetime | None = gradebook.find_assignment(self.task).duedate
            except MissingEntry:
                return None
        return due


def _last(theirs: list[Mapping[str, Any]], due: datetime | None) -> Mapping[str, Any]:
    """Return what was handed in last, of what came in time if anything did."""
    in_time = [each for each in theirs if due is None or _moment(each) <= due]
    return max(in_time or theirs, key=_moment)


def _moment(each: Mapping[str, Any]) -> datetime:
    """Return when something was handed in, in UTC and without saying so, as nbgrader keeps moments."""
    return datetime.fromisoformat(each["submitted_at"]).astimezone(UTC).replace(tzinfo=None)
