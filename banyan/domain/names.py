"""How a name is shown to who may not be that person."""


def masked(name: str) -> str:
    """Return a name of which the first and the last character are left: 林*英, 林*, 阿***·*力."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "".join(sign if sign in " ·" else "*" for sign in name[1:-1]) + name[-1]
