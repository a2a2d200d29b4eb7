"""How long each kind of data is kept, from what day on and by which rule: one table for what a page says and what is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from banyan.domain.calendar import add_months
from banyan.domain.framework import Text

DAY = timedelta(days=1)


class Keep(StrEnum):
    """A kind of data, by what it is kept for."""

    IDENTITY = "identity"  # who somebody is and how to reach them
    LEARNING = "learning"  # how far they came
    ACCESS = "access"  # how they come in
    ANSWERS = "answers"  # what they answered, word by word
    PHOTOS = "photos"  # photos and files they handed in
    FACTS = "facts"  # what was certified, and what that rests on


class Start(StrEnum):
    """The day a period counts from."""

    LEFT = "left"  # the person's last day
    DONE = "done"  # the day a thing was handed in, used up or given up


STARTS: Mapping[Keep, Start] = {
    Keep.IDENTITY: Start.LEFT,
    Keep.LEARNING: Start.LEFT,
    Keep.ACCESS: Start.DONE,
    Keep.ANSWERS: Start.DONE,
    Keep.PHOTOS: Start.DONE,
}
"""Facts have none: they stay, without a name once there is no other reason to know it."""


@dataclass(frozen=True)
class Period:
    """`months` is None for what is never deleted; `ground` names the rule, in words."""

    keep: Keep
    months: int | None
    ground: Text

    def last_day(self, begun: date) -> date | None:
        """Return the last day something is kept that began to count on a day: the same day so many months later."""
        return None if self.months is None else add_months(begun, self.months)

    def is_over(self, begun: date, today: date) -> bool:
        last = self.last_day(begun)
        return last is not None and last < today

    def over_since(self, today: date) -> date | None:
        """Return the last day of which a period that began then is over today, None if none ever is.

        Months differ in length, so that several days may end on the same one: the latest of them counts.
        """
        if self.months is None:
            return None
        day = add_months(today, -self.months)
        while not self.is_over(day, today):
            day -= DAY
        while self.is_over(day + DAY, today):
            day += DAY
        return day


@dataclass(frozen=True)
class Retention:
    """All periods, by kind; the newest law first."""

    periods: Mapping[Keep, Period]

    def of(self, keep: Keep) -> Period:
        return self.periods[keep]


def _period(keep: Keep, months: int | None, zh: str, en: str) -> tuple[Keep, Period]:
    return keep, Period(keep, months, {"zh": zh, "en": en})


STANDARD = Retention(
    dict(
        (
            _period(Keep.IDENTITY, 36, "个人信息保护法第十九条：达到目的所必要的最短时间", "PIPL art. 19: no longer than needed"),
            _period(Keep.LEARNING, 12, "个人信息保护法第十九条", "PIPL art. 19"),
            _period(
                Keep.ACCESS,
                6,
                "网络安全法第二十一条：日志留存不少于六个月",
                "Cybersecurity Law art. 21",
            ),
            _period(Keep.ANSWERS, 36, "个人信息保护法第十九条", "PIPL art. 19"),
            _period(Keep.PHOTOS, 24, "个人信息保护法第十九条", "PIPL art. 19"),
            _period(Keep.FACTS, None, "证书要能查验", "certificates must stay verifiable"),
        )
    )
)
"""Where a home has no content/retention.yaml yet."""
