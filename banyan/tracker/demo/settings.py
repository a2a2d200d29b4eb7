"""Filling in the demo county's own settings, as its administrator would; its numbers ring nowhere."""

from datetime import datetime

from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.tracker.county import Filled, put
from banyan.tracker.demo.county import DemoCounty
from banyan.tracker.demo.plan import Plan
from banyan.tracker.people import find_me


def settle(session: Session, county: DemoCounty, plan: Plan, now: datetime) -> None:
    clerk = next(person for account, person in county.accounts if account.duty == "administrator")
    by, told = find_me(session, clerk.staff_number, county_day(now)), plan.settings_from
    for each in plan.settings:
        path = county.units[each.at].path
        put(session, Filled(each.key, path, each.value, told.source, told.dated_on, told.owner), by, now)
