"""How far the water in a ditch rises: invented numbers, to show what a picture can show."""


def water(hours: int, ditch: str = "clear") -> float:
    """Return the rise in centimetres after some hours of rain."""
    return hours * (9.0 if ditch == "clear" else 16.0)


def rows(hours: int) -> list[tuple[str, float, bool]]:
    return [(f"{each}小时", water(each), each == hours) for each in range(1, 7)]


def sentence(hours: int) -> str:
    return f"雨下{hours}小时，水涨大约{water(hours):.0f}厘米。"
