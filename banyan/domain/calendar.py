"""Days and months as the county counts them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")


def begins(day: date) -> datetime:
    """Return the moment a day of the county begins."""
    return datetime.combine(day, time(), COUNTY_TIME)


def county_day(moment: datetime) -> date:
    """Return the county's calendar day of an aware moment."""
    return moment.astimezone(COUNTY_TIME).date()


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_after(day: date, count: int) -> date:
    """Return the day so many working days later: Monday to Friday; public holidays and days worked for them are not known."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
