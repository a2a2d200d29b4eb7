"""Which route a request takes: looked for among the few whose address begins alike, however many the portal has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

DEEP = 3  # segments that tell routes apart: /services/portal/courses
TAKEN = "banyan.route"  # where a scope keeps it on its way

Start = tuple[str, ...]


class Signpost(BaseRoute):
    """Holds routes and takes the first that fits, in their order, as a plain list of them would."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        by_start: dict[Start, list[Route]] = defaultdict(list)
        starts = {_start(each.path) for each in self.routes}
        for start in starts:
            by_start[start] = [each for each in self.routes if _start(each.path) == start[: len(_start(each.path))]]
        self._by_start: dict[Start, Sequence[Route]] = dict(by_start)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the route that fits and what its address says; one that only lacks the method fits in part."""
        if scope["type"] != "http":
            return Match.NONE, {}
        partial: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._near(scope["path"]):
            match, told = route.matches(scope)
            if match is Match.FULL:
                return match, {**told, TAKEN: route}
            if match is Match.PARTIAL and partial[0] is Match.NONE:
                partial = match, {**told, TAKEN: route}
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: Route = scope.pop(TAKEN)
        scope["route"] = route
        await route.handle(scope, receive, send)

    def _near(self, path: str) -> Sequence[Route]:
        """Return the routes whose address begins as a path does: those of its longest beginning know of the shorter ones."""
        start = tuple(path.split("/", DEEP + 1)[1 : DEEP + 1])
        while start not in self._by_start:
            if not start:
                return ()
            start = start[:-1]
        return self._by_start[start]


def _start(path: str) -> Start:
    """Return the first segments of a route's path that are no parameters."""
    return tuple(takewhile(lambda each: "{" not in each, path.split("/")[1:]))[:DEEP]
