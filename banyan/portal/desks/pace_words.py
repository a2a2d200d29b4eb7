"""How long the graders still need, said as a person would: not to the second where nobody can know."""

from banyan.domain.estimate import Pile
from banyan.portal.i18n import N_
from banyan.portal.pages import Page

MINUTE = 60  # seconds
STEP = 10


GRADED = N_("{total}份已经评好{done}份")


def pace_words(page: Page, pile: Pile, seconds: int | None, words: str = GRADED) -> str:
    """Return how many are done, in these words, and, once it can be told, how long the rest takes."""
    done = page.say(words, total=pile.total, done=pile.done)
    left = time_words(page, seconds)
    return f"{done} · {left}" if left else done


def time_words(page: Page, seconds: int | None) -> str:
    """Return how long something still takes, nothing where that cannot be told."""
    if seconds is None:
        return ""
    if seconds >= 2 * MINUTE:
        return page.language.count("大约还要{n}分钟", round(seconds / MINUTE))
    return page.language.count("大约还要{n}秒", max(STEP, -(-seconds // STEP) * STEP) if seconds > STEP else seconds)
