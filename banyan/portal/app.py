"""The composition root: a home, what is in it, and every route over it."""

import os
from collections.abc import Iterable
from functools import cache, partial
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from banyan.keeping.doctor import examine
from banyan.portal import desks, door, faults, learner, preferences
from banyan.portal.built import Static
from banyan.portal.headers import Headers
from banyan.portal.house import House
from banyan.portal.identity import Door, HubDoor
from banyan.portal.lanes import on_one_core, ready
from banyan.portal.navigation import Signs
from banyan.portal.registry import PORTAL, Routes
from banyan.portal.signpost import Signpost
from banyan.portal.templating import Shelf
from banyan.records.together import Together
from banyan.settings import COURSES, Home, Settings, current_home
from banyan.tracker.jobs import Queue
from banyan.tracker.publishing import Workshop
from banyan.tracker.steady import SteadyClock
from banyan.wiring import open_press, open_records, open_rulebook


def create_app(house: House, way_in: Door) -> FastAPI:
    """Return the portal over a house; `way_in` says who asks."""
    app = FastAPI(title="Banyan", docs_url=None, redoc_url=None, openapi_url=None, lifespan=ready)
    shelf = Shelf()
    app.state.house, app.state.door, app.state.shelf, app.state.together = house, way_in, shelf, Together(house.make)
    _include(app, (*door.ROUTES, *preferences.ROUTES, *learner.ROUTES, *desks.ROUTES))
    app.mount(f"{PORTAL}/static", Static(directory=shelf.static, check_dir=False), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=6)
    app.add_middleware(Headers)
    faults.install(app)
    return app


def _include(app: FastAPI, routes: Iterable[Routes]) -> None:
    listed = list(routes)
    app.state.declared = tuple(declared for each in listed for declared in each.declared)
    app.state.signs = Signs(entry for each in listed for entry in each.entries)
    for each in listed:
        if not each.all_declared:
            raise RuntimeError("a route was added past the registry and says nothing of who may come in")
    app.router.routes.append(Signpost(route for each in listed for route in each.api_routes))


def open_house(home: Home, settings: Settings) -> House:
    queue = Queue(home.queue)
    return House(
        make=open_records(home, settings),
        rulebook=open_rulebook(home, settings),
        secret=home.key("portal"),
        county=settings.county,
        press=cache(open_press),
        gradebooks=home.gradebooks,
        uploads=home.uploads,
        answer_files=home.answer_files,
        works=home.works,
        labs=home.labs,
        prints=home.prints,
        demo=settings.demo,
        workshop=Workshop(COURSES, home.root / "content", home.releases),
        entry_key=home.entry_key,
        origin=settings.public_url.rstrip("/"),
        wake=queue.wake,
        wake_for_task=queue.wake_for_task,
        wake_for_print=queue.wake_for_print,
        examine=partial(examine, home.root),
        exam_clock=SteadyClock(),
    )


def main() -> None:
    """Serve the home named by BANYAN_HOME where JUPYTERHUB_SERVICE_URL says."""
    home = current_home()
    house = open_house(home, Settings.of(home))
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    serve(create_app(house, HubDoor(house.secret)), address.hostname or "127.0.0.1", address.port or 80)


def serve(app: FastAPI, host: str, port: int) -> None:
    on_one_core()
    uvicorn.run(app, host=host, port=port, proxy_headers=True, log_level="warning", timeout_graceful_shutdown=3)
