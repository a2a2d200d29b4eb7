"""What the lesson 聚集性信号 asks of the SEIR model: how many fall ill, by the day somebody speaks up."""

from functools import cache

from models.seir import ever_infected

NOTE = "教学模型，不是预测"
COMPARED = (7, 14, 21, 28)
TOWN = 5000


@cache
def infected(day: int | None) -> float:
    return ever_infected(day)


def rows(day: int) -> list[tuple[str, float, bool]]:
    """Return one line per response day, the chosen one among them and marked, and the line of nobody responding."""
    days = sorted({*COMPARED, day})
    return [(f"第{each}天应对", infected(each), each == day) for each in days] + [("一直没人管", infected(None), False)]


def sentence(day: int) -> str:
    ill = round(infected(day))
    return f"第{day}天开始应对，最后大约有{ill:,}人得过病，{_share(ill)}。"


def _share(ill: int) -> str:
    """Say a number of people as a share one can picture."""
    each = TOWN / ill
    if each < 2:
        return f"大约每10个人里有{round(10 * ill / TOWN)}个"
    return f"大约每{round(each, -1) if each >= 50 else round(each):g}个人里有1个"
