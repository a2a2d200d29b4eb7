"""Opening a lesson with a simulation: our lessons service against stock Voilà with the same built notebook, in turn, medians.

An open is the page, the first touch of the simulation and its answer (stock: page, websocket, one round trip of a comm).
CPU is that of the service's own process tree. Ratios are ours divided by stock's; the limit stands beside each figure.
The same notebook, the same client, the same browser; ours asks who reads (signing in is done before the clock starts),
Voilà serves whoever comes. Ours is warm, as a service is that keeps its newest lessons ready.
"""

import asyncio
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench._many import live_kernels, moving, readers_served
from tests.bench._opens import Reader, Simulation, class_of_ours, class_of_stock, sign_in, which_panel
from tests.bench._report import machine, options, tell
from tests.bench._school import PATH, Place, make_home, ours, stock
from tests.bench._visits import in_a_browser
from tests.bench._visits import sign_in as sign_in_by_hand
from tests.chromium import open_chromium

STEP = "#days-count"  # where the lesson's simulation stands
LIMITS = {
    "cpu_ratio": 0.05,
    "wall_ratio": 0.083,
    "pss_mb": 10,
    "first_visit_kb": 250,
    "first_visit_requests": 12,
    "external_requests": 0,
    "console_errors": 0,
    "usable_ratio": 0.1,
    "first_touch_p95_ms": 250,
    "roundtrip_p95_ms": 100,
}
AT_LEAST = {"readers_ok": 500, "live_kernels_ok": 300}


async def classes(here: Place, there: Place, readers: list[Reader], rounds: int) -> dict[str, Any]:
    """Let a class open the lesson here and there, in turn."""
    like = Simulation.of(await readers[0].page())
    which = await which_panel(there, like)
    found: dict[str, list[dict[str, float]]] = {"ours": [], "stock": []}
    for _ in range(rounds):
        found["ours"].append(await class_of_ours(here, readers))
        found["stock"].append(await class_of_stock(there, len(readers), like, which))
    return {side: {name: round(median(each[name] for each in seen), 4) for name in seen[0]} for side, seen in found.items()}


async def without_a_browser(here: Place, there: Place, chosen: Namespace) -> dict[str, Any]:
    readers = await sign_in(here, max(chosen.readers, chosen.kernels))
    opened = await classes(here, there, readers[: chosen.opens], chosen.rounds)
    found = await moving(here, readers[: chosen.moving], chosen.seconds)
    found |= await readers_served(readers[: chosen.readers], 50)
    found |= await live_kernels(readers[: chosen.kernels], 30)
    await asyncio.gather(*(each.client.aclose() for each in readers))
    return found | opened


def measure(folder: Path, chosen: Namespace) -> dict[str, Any]:
    home = make_home(folder, max(chosen.readers, chosen.kernels, chosen.opens, chosen.moving))
    with ours(home) as here, stock(home, folder) as there:
        addresses = {"ours": here.url + PATH + STEP, "stock": there.url + "/"}
        with open_chromium() as browser:
            context = browser.new_context()
            sign_in_by_hand(context, here.url)
            seen = in_a_browser(browser, addresses, context.storage_state(), chosen.visits, chosen.touches)
        many = asyncio.run(without_a_browser(here, there, chosen))
    sides = {side: seen.pop(side) | many.pop(side) for side in ("ours", "stock")}
    return summary(sides) | seen | many | sides


def summary(sides: dict[str, dict[str, float]]) -> dict[str, float]:
    here, there = sides["ours"], sides["stock"]
    ratios = {"cpu_ratio": "cpu_s", "wall_ratio": "wall_s", "usable_ratio": "usable_ms"}
    found = {name: round(here[of] / there[of], 4) for name, of in ratios.items()}
    first = {
        "first_visit_kb": "kb",
        "first_visit_requests": "requests",
        "external_requests": "external",
        "console_errors": "console_errors",
    }
    return found | {name: here[f"first_visit_{of}"] for name, of in first.items()}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    sizes = {"opens": 30, "rounds": 3, "visits": 3, "touches": 20, "moving": 50, "seconds": 20, "readers": 500, "kernels": 300}
    chosen = options(__doc__ or "", argv, **sizes)
    with tempfile.TemporaryDirectory(prefix="bb-") as folder:
        found = machine() | measure(Path(folder), chosen) | {"sizes": {name: getattr(chosen, name) for name in sizes}}
    tell(found if chosen.json else {name: limited(name, value) for name, value in found.items()}, chosen.json)
    return found


def limited(name: str, value: Any) -> Any:
    """Return a figure with what it must reach."""
    if name in LIMITS:
        return f"{value}  (at most {LIMITS[name]})"
    return f"{value}  (at least {AT_LEAST[name]})" if name in AT_LEAST else value


if __name__ == "__main__":
    main()
