"""What a few days of silence cost: an infection in one town, as a teaching model and never a forecast.

People are susceptible, infected but not yet infectious (latent), infectious, or over it. From the day somebody
responds, a share of the transmission is cut for good. Solved as a differential equation with fourth-order
Runge-Kutta steps: whole-day Euler steps would give 887 where the equation gives 1,061.
"""

import math
from dataclasses import dataclass

State = tuple[float, float, float, float]
STEP = 0.05
"""Days; at a tenth of this step no result moves by a hundredth of a person."""


@dataclass(frozen=True)
class Outbreak:
    """One town and one infection; durations in days, `cut` is the share of transmission a response takes away."""

    people: float = 5000
    first_infectious: float = 5
    reproduction: float = 2.5
    latent: float = 3
    infectious: float = 5
    cut: float = 0.7


def final_size(reproduction: float) -> float:
    """Return the share of a town that is infected in the end if nobody acts: z = 1 − exp(−R·z)."""
    share = 0.0 if reproduction <= 1 else 0.9999
    for _ in range(200):
        share = 1 - math.exp(-reproduction * share)
    return share


def ever_infected(response_day: float | None, outbreak: Outbreak | None = None) -> float:
    """Return how many people have been infected when it is all over; None: nobody ever responds.

    After the response the final-size relation closes the sum exactly, so nothing depends on where a simulation stops.
    """
    town = outbreak or Outbreak()
    state = _after(response_day, town) if response_day is not None else _start(town)
    remaining = 1 - town.cut if response_day is not None else 1.0
    return town.people - _never_infected(state, town, town.reproduction * remaining)


def by_day(response_day: float | None, days: int, outbreak: Outbreak | None = None) -> list[float]:
    """Return how many people have been infected by the end of day 0, 1, … `days`."""
    town = outbreak or Outbreak()
    state, counts = _start(town), [town.first_infectious]
    for day in range(days):
        state = _run(state, town, response_day, day, day + 1)
        counts.append(town.people - state[0])
    return counts


def _start(town: Outbreak) -> State:
    return (town.people - town.first_infectious, 0.0, town.first_infectious, 0.0)


def _after(response_day: float, town: Outbreak) -> State:
    return _run(_start(town), town, None, 0, response_day)


def _run(state: State, town: Outbreak, response_day: float | None, begin: float, end: float) -> State:
    """Step from one time to another; a response inside a step would be smeared, so steps end on whole multiples."""
    steps = max(1, round((end - begin) / STEP)) if end > begin else 0
    width = (end - begin) / steps if steps else 0.0
    for index in range(steps):
        now = begin + (index + 0.5) * width
        cut = town.cut if response_day is not None and now >= response_day else 0.0
        state = _step(state, town, town.reproduction / town.infectious * (1 - cut), width)
    return state


def _step(state: State, town: Outbreak, rate: float, width: float) -> State:
    first = _change(state, town, rate)
    second = _change(_moved(state, first, width / 2), town, rate)
    third = _change(_moved(state, second, width / 2), town, rate)
    fourth = _change(_moved(state, third, width), town, rate)
    slopes = [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, fourth, strict=True)]
    return _moved(state, (slopes[0], slopes[1], slopes[2], slopes[3]), width)


def _change(state: State, town: Outbreak, rate: float) -> State:
    susceptible, latent, infectious, _ = state
    caught = rate * susceptible * infectious / town.people
    turning, ending = latent / town.latent, infectious / town.infectious
    return (-caught, caught - turning, turning - ending, ending)


def _moved(state: State, slope: State, width: float) -> State:
    a, b, c, d = (value + width * change for value, change in zip(state, slope, strict=True))
    return (a, b, c, d)


def _never_infected(state: State, town: Outbreak, reproduction: float) -> float:
    """Return S at the end: S = S₀·exp(−R·(S₀ + latent + infectious − S)/N), found by iteration from below."""
    susceptible, latent, infectious, _ = state
    pressure = susceptible + latent + infectious
    left = 0.0
    for _ in range(500):
        left = susceptible * math.exp(-reproduction * (pressure - left) / town.people)
    return left
