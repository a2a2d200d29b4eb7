"""A machine whose clock may be set, and which knows how long it has been on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from banyan.tracker.steady import SteadyClock
from tests.county import NOW


@dataclass
class Machine:
    shows: datetime = NOW
    on: timedelta = timedelta(days=2)

    def __call__(self) -> datetime:
        return self.shows

    def steady(self) -> SteadyClock:
        return SteadyClock(self, lambda: self.on)

    def wait(self, time: timedelta) -> None:
        self.shows, self.on = self.shows + time, self.on + time
