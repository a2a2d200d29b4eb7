"""Which language and size a reader gets: what is asked for now, else what the cookie keeps, else what the browser says."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from banyan.words.language import CHINESE, ENGLISH, LANGUAGES, TRADITIONAL

LANGUAGE, SIZE = "banyan-lang", "banyan-size"  # cookies of the whole house
SIZES = ("normal", "elder")
YEAR = 365 * 24 * 3600  # seconds a choice is kept


def chosen_language(asked: str | None, kept: str | None, accepted: str | None = "") -> str:
    """Return the language asked for, else the one kept, else the first of the browser's we speak, else Chinese."""
    return next((each for each in (asked, kept) if each in LANGUAGES), None) or understood(accepted or "") or CHINESE


def chosen_size(asked: str | None, kept: str | None) -> str:
    return next((each for each in (asked, kept) if each in SIZES), SIZES[0])


def choices(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies that keep what a form or an address (`lang`, `size`) asks for; what we do not know is no choice."""
    given = ((LANGUAGE, asked.get("lang"), tuple(LANGUAGES)), (SIZE, asked.get("size"), SIZES))
    return {cookie: value for cookie, value, known in given if value in known}


def understood(accepted: str) -> str | None:
    """Return the best of an Accept-Language header that we speak, if any."""
    wanted = sorted((each for each in map(_weighed, accepted.split(",")) if each[0] > 0), key=lambda each: -each[0])
    return next((ours for _, tag in wanted if (ours := _ours(tag))), None)


def _weighed(item: str) -> tuple[float, str]:
    tag, _, weight = item.strip().lower().partition(";q=")
    try:
        return (float(weight) if weight else 1.0), tag
    except ValueError:
        return 0.0, tag


def _ours(tag: str) -> str | None:
    parts = tag.split("-")
    if parts[0] == "zh":
        return TRADITIONAL if not {"hant", "tw", "hk", "mo"}.isdisjoint(parts) and "hans" not in parts else CHINESE
    return ENGLISH if parts[0] == "en" else None


def local(address: str) -> str:
    """Return a path of this house, whatever was asked for."""
    parts = urlsplit(address.replace("\\", "/"))
    query = f"?{parts.query}" if parts.query else ""
    place = f"#{parts.fragment}" if parts.fragment else ""
    return "/" + parts.path.lstrip("/") + query + place
