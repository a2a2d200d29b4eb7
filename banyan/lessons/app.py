"""Voilà's own application, closed down to what a lesson needs, as a service of the hub.

It serves lessons of the home's releases and the page's few questions, and lends kernels; no folder, no file, no listing,
no template or theme chosen from outside. What stock Voilà does for each visitor is done once for all (prepared, snapshots).
"""

import asyncio
import hashlib
import hmac
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zmq.asyncio
from jupyter_server.auth.identity import IdentityProvider
from tornado.ioloop import IOLoop
from tornado.web import GZipContentEncoding
from traitlets.config import Config
from voila.app import Voila
from voila.exporter import VoilaExporter

from banyan.courseware.catalogue import NAME, Catalogue
from banyan.errors import BanyanError
from banyan.lessons.api import Concerns, Practice, PracticeSteps, State, Steps
from banyan.lessons.audio import StepAudio
from banyan.lessons.faults import FaultLog
from banyan.lessons.identity import HubIdentity, in_thread
from banyan.lessons.kernel_doors import KernelDoor, Kernels, KernelSocket
from banyan.lessons.kernels import LessonKernelSpecs, Maker
from banyan.lessons.leases import Leases, Terms
from banyan.lessons.metrics import Metrics, draw_token
from banyan.lessons.offline import Away, Worker
from banyan.lessons.page import LessonPage, NoSuchPage
from banyan.lessons.preferences import Preferences
from banyan.lessons.prepared import Prose, Shelf, computes, house_version
from banyan.lessons.provisioner import SnapshotProvisioner
from banyan.lessons.snapshots import Snapshots
from banyan.lessons.surroundings import empty_home, environment
from banyan.settings import Home, Settings, current_home
from banyan.wiring import open_records

LARGEST_REQUEST = 1_000_000  # bytes, of a body and of a websocket frame
RESTING = 30.0  # seconds between two looks at which lessons are still wanted


class Compressed(GZipContentEncoding):
    """As tornado compresses, in half the time for a thirtieth more bytes."""

    GZIP_LEVEL = 4


class Lessons(Voila):
    """`home`, `house` (its settings) and `folder` (a short path) are given before it starts; `identity` says who is at a page."""

    name = "lessons"
    identity: type[IdentityProvider] = HubIdentity
    home: Home
    house: Settings
    folder: Path
    catalogue: Catalogue
    shelf: Shelf
    leases: Leases
    snapshots: Snapshots

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self._running: set[asyncio.Task[Any]] = set()
        self.catalogue, faults = self.make_catalogue(), self.make_faults()
        self._make_kernels(faults)
        key = bytes.fromhex(self.home.key("cookie").decode())
        return settings | {
            "transforms": [Compressed],
            "websocket_max_message_size": LARGEST_REQUEST,
            "lessons": self,
            "records": open_records(self.home, self.house),
            "catalogue": self.catalogue,
            "house": self.house,
            "shelf": self.shelf,
            "faults": self.shelf.faults,
            "leases": self.leases,
            "version": house_version(),
            "capability_key": hmac.digest(key, b"capability", hashlib.sha256),
            "metrics_token": draw_token(self.home.run),
        }

    def make_catalogue(self) -> Catalogue:
        return Catalogue(self.home.releases)

    def make_faults(self) -> FaultLog:
        return FaultLog(self.log)

    def _make_kernels(self, faults: FaultLog) -> None:
        told = environment(empty_home(self.folder))
        self.snapshots = SnapshotProvisioner.shared = Snapshots(told, self.folder)
        maker = Maker(self.folder, told, zmq.asyncio.Context())
        self.leases = Leases(maker, Terms(most=self.house.lesson_kernels), logging.getLogger("banyan.lessons"))
        exporter = VoilaExporter(config=self.config, contents_manager=self.contents_manager, base_url=self.base_url)
        self.shelf = Shelf(Prose(exporter), self.snapshots, faults)

    def init_handlers(self) -> list[Any]:
        base, name = self.base_url, NAME.pattern
        kernel = rf"{base}api/kernels/(?P<kernel_id>[0-9a-f-]{{36}})"
        return [
            *self.identity_provider.get_handlers(),
            (f"{base}api/state", State),
            (f"{base}api/steps", Steps),
            (f"{base}api/practice", Practice),
            (f"{base}api/practice/steps", PracticeSteps),
            (f"{base}api/concerns", Concerns),
            (f"{base}api/preferences", Preferences),
            (f"{base}api/kernels", Kernels),
            (kernel, KernelDoor),
            (f"{kernel}/channels", KernelSocket),
            (f"{base}metrics", Metrics),
            (f"{base}offline.js", Worker),
            (f"{base}away", Away),
            (rf"{base}audio/({name})/([1-9]\d{{0,5}})/({name})/({name})", StepAudio, {"path": str(self.home.releases)}),
            (rf"{base}({name})/({name})", LessonPage),
            (r".*", NoSuchPage),
        ]

    def listen(self) -> None:
        """Listen on the port we were given or not at all."""
        self.port_retries = 0
        IOLoop.current().add_callback(self._begin)
        super().listen()

    def _begin(self) -> None:
        self.spawn(self._say_protection())
        self.spawn(self.leases.watch())
        self.spawn(self.keep_ready())

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something run beside all else, and do not forget it; what goes wrong in it is in the log."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            self.log.error("work beside the pages ended", exc_info=fault)

    async def _say_protection(self) -> None:
        """Say in the log what shuts lessons in on this machine."""
        command = (sys.executable, "-m", "grading.confinement")
        asked = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await asked.communicate()
        tell = self.log.info if asked.returncode == 0 else self.log.warning
        tell("%s", said.decode().strip())

    async def keep_ready(self) -> None:
        """Have the newest lessons run before anybody wants them, and let go of the older ones' processes."""
        while True:
            with suppress(BanyanError, OSError):  # a release that cannot be read; a page that wants it says so
                await self._ready_newest()
            await asyncio.sleep(RESTING)

    async def _ready_newest(self) -> None:
        wanted = await in_thread(self._newest)
        for notebook in wanted:
            with suppress(BanyanError):  # said where a page wants it
                await self.snapshots.of(notebook)
        self.snapshots.keep({*wanted, *(lease.wish.notebook for lease in self.leases)})

    def _newest(self) -> list[Path]:
        """Return the notebooks of the newest releases that compute something."""
        releases = self.catalogue.all()
        return [path for each in releases for about in each.lessons if computes(path := each.notebook(about.name))]

    def stop(self) -> None:
        self.snapshots.close()
        super().stop()


def config(home: Home, address: str, prefix: str) -> Config:
    """Return what differs from Voilà's defaults."""
    found = Config()
    where = urlsplit(address)
    found.Voila.base_url = found.Voila.server_url = prefix
    found.Voila.ip, found.Voila.port = where.hostname, where.port
    found.Voila.open_browser = False
    found.Voila.root_dir = str(home.releases)
    found.Voila.config_file_paths = []
    found.Voila.cookie_secret = bytes.fromhex(home.key("cookie").decode())
    found.VoilaConfiguration.extension_allowlist = []
    found.VoilaConfiguration.kernel_spec_manager_class = LessonKernelSpecs
    return found


@contextmanager
def sockets(home: Home) -> Iterator[Path]:
    """A folder for the kernels' sockets, outside the home since their paths must be short; a killed service's is removed."""
    note = home.run / "lessons.sockets"
    whose, _, left = note.read_text().partition("\n") if note.exists() else ("", "", "")
    if left and whose == str(home.root):  # a copied home must not take the sockets of the one it was copied from
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="banyan-") as folder:
        note.write_text(f"{home.root}\n{folder}")
        yield Path(folder)


@contextmanager
def initialized(kind: type[Lessons], home: Home, address: str, prefix: str) -> Iterator[Lessons]:
    """Give an application of a home, ready to start at an address."""
    with sockets(home) as folder:
        found = config(home, address, prefix)
        found.Voila.identity_provider_class = kind.identity
        app = kind.instance(config=found, connection_dir_root=str(folder))
        app.home, app.house, app.folder = home, Settings.of(home), folder
        app.initialize([])
        yield app


def main() -> None:
    """Serve the lessons of the home named by BANYAN_HOME where JUPYTERHUB_SERVICE_URL says."""
    address, prefix = os.environ["JUPYTERHUB_SERVICE_URL"], os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    with initialized(Lessons, current_home(), address, prefix) as app:
        app.start()
