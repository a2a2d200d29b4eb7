"""Voilà's own application, closed down to what a lesson needs, as a service of the hub.

It serves lessons of the home's releases, the three widget extensions and the page's few questions; no folder, no file,
no listing, no template or theme chosen from outside.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider
from traitlets.config import Config
from voila.app import Voila
from voila.utils import get_page_config

from banyan.courseware.catalogue import NAME, Catalogue
from banyan.lessons.api import Concerns, Practice, State, Steps
from banyan.lessons.faults import FaultLog
from banyan.lessons.front import EXTENSIONS, VOILA, front_handlers
from banyan.lessons.identity import HubIdentity
from banyan.lessons.kernel_doors import KernelGivenBack, KernelSocket, KernelState
from banyan.lessons.kernels import HEARD, LessonKernels, LessonKernelSpecs
from banyan.lessons.page import TEMPLATES, LessonPage, NoSuchPage
from banyan.lessons.preferences import Preferences
from banyan.settings import Home, Settings, current_home
from banyan.wiring import open_records

LARGEST_REQUEST = 1_000_000  # bytes, of a body and of a websocket frame


class Lessons(Voila):
    """`home` and `house` (its settings) are given before it is initialised; `identity` says who is at a page."""

    name = "lessons"
    identity: type[IdentityProvider] = HubIdentity
    home: Home
    house: Settings
    page_config: dict[str, Any]
    template_paths: list[str]

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths = [str(TEMPLATES / "banyan"), str(TEMPLATES), *self.template_paths]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = HEARD
        self.page_config = _page_config(self, settings)
        return settings | {
            "compress_response": True,
            "websocket_max_message_size": LARGEST_REQUEST,
            "lessons": self,
            "records": open_records(self.home, self.house),
            "catalogue": Catalogue(self.home.releases),
            "house": self.house,
            "faults": FaultLog(self.log),
        }

    def init_handlers(self) -> list[Any]:
        base, name = self.base_url, NAME.pattern
        lent = r"(?P<kernel_id>[0-9a-f-]{36})"
        kernel = f"{base}api/kernels/{lent}"
        own = {"voila_configuration": self.voila_configuration}
        return [
            *self.identity_provider.get_handlers(),
            (f"{base}api/state", State),
            (f"{base}api/steps", Steps),
            (f"{base}api/practice", Practice),
            (f"{base}api/concerns", Concerns),
            (f"{base}api/preferences", Preferences),
            (kernel, KernelState),
            (f"{kernel}/channels", KernelSocket),
            (f"{base}voila/api/shutdown/{lent}", KernelGivenBack),
            *front_handlers(base),
            (rf"{base}({name})/({name})", LessonPage, own),
            (r".*", NoSuchPage),
        ]

    def listen(self) -> None:
        """Listen on the port we were given or not at all."""
        self.port_retries = 0
        super().listen()


def _page_config(app: Lessons, settings: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = get_page_config(app.base_url, settings, app.log, app.voila_configuration)
    return found | {"fullStaticUrl": f"{app.base_url}{VOILA}"}


def config(home: Home, address: str, prefix: str, empty: str) -> Config:
    """Return what differs from Voilà's defaults."""
    found = Config()
    where = urlsplit(address)
    found.Voila.base_url = found.Voila.server_url = prefix
    found.Voila.ip, found.Voila.port = where.hostname, where.port
    found.Voila.open_browser = False
    found.Voila.root_dir = str(home.releases)
    found.Voila.config_file_paths = []
    found.Voila.cookie_secret = bytes.fromhex(home.key("cookie").decode())
    found.VoilaConfiguration.template = "banyan"
    found.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
    found.VoilaConfiguration.multi_kernel_manager_class = LessonKernels
    found.VoilaConfiguration.kernel_spec_manager_class = LessonKernelSpecs
    found.LessonKernels.empty_home = empty
    found.LessonKernels.cull_idle_timeout, found.LessonKernels.cull_interval = 1, 10  # LessonKernels says who goes
    found.KernelManager.transport = "ipc"
    found.KernelManager.shutdown_wait_time = 1.0
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
        empty = folder / "home"
        empty.mkdir(mode=0o500)
        found = config(home, address, prefix, str(empty))
        found.Voila.identity_provider_class = kind.identity
        app = kind.instance(config=found, connection_dir_root=str(folder))
        app.home, app.house = home, Settings.of(home)
        app.initialize([])
        yield app


def main() -> None:
    """Serve the lessons of the home named by BANYAN_HOME where JUPYTERHUB_SERVICE_URL says."""
    address, prefix = os.environ["JUPYTERHUB_SERVICE_URL"], os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    with initialized(Lessons, current_home(), address, prefix) as app:
        app.start()
