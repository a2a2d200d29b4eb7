"""Whatever is asked, the signpost takes the route that a plain list of the same routes takes."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route

from banyan.portal.signpost import TAKEN, Signpost


def ends(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("")


SEGMENT = st.sampled_from(["a", "b", "c", "{x}", "{y}", ""])
PATH = st.lists(SEGMENT, min_size=1, max_size=5, unique_by=lambda each: each if "{" in each else object()).map(
    lambda each: "/" + "/".join(each)
)
ROUTES = st.lists(st.tuples(PATH, st.sampled_from(["GET", "POST"])), max_size=12)
ASKED = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), min_size=1, max_size=6).map(lambda each: "/" + "/".join(each))


def first(routes: list[Route], scope: dict[str, str]) -> tuple[Match, Route | None, dict[str, str]]:
    """Return what Starlette's own router takes."""
    partial: tuple[Match, Route | None, dict[str, str]] = (Match.NONE, None, {})
    for route in routes:
        match, told = route.matches(scope)
        if match is Match.FULL:
            return match, route, told["path_params"]
        if match is Match.PARTIAL and partial[1] is None:
            partial = (match, route, told["path_params"])
    return partial


@given(ROUTES, ASKED, st.sampled_from(["GET", "POST", "PUT"]))
def test_it_takes_what_a_list_takes(known: list[tuple[str, str]], path: str, method: str) -> None:
    routes = [Route(each, ends, methods=[how]) for each, how in known]
    scope = {"type": "http", "path": path, "method": method}
    match, told = Signpost(routes).matches(scope)
    assert (match, told.get(TAKEN), told.get("path_params", {})) == first(routes, scope)


def test_it_leads_nowhere_but_for_pages() -> None:
    assert Signpost([Route("/a", ends)]).matches({"type": "websocket", "path": "/a"}) == (Match.NONE, {})
