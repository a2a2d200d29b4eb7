"""The hub's side of JupyterLab: who may have a server is asked of the records, at its start and all along.

A server is an attendant (`python -m banyan.labs`) with the walls and the person's server below it. It lives no longer than
the hub that started it: a hub that starts anew finds none, and says so to whoever comes.
"""

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from jupyterhub.spawner import Spawner
from sqlalchemy.exc import SQLAlchemyError
from tornado.web import HTTPError
from traitlets import Any as AnyValue
from traitlets import Integer, Unicode

from banyan.accounts.labs import Lab
from banyan.labs.order import NO_WALLS, STANDS, Order
from banyan.settings import HOUSE
from banyan.tracker.lab_rooms import Room, furnish

OURS = ("banyan", "grading", "widgets", "hub_config")
TO_END = 8  # seconds
OFF = "您的 JupyterLab 没有打开。要用，请您的管理员在您的人员页面上打开。"
WITHOUT_WALLS = "这台服务器的系统不让榕学把 JupyterLab 关进单独的空间，所以没有打开。请告诉您的管理员：让管服务器的人看看体检。"
FAILED = "JupyterLab 没有打开成。请再试一次；还不行，请告诉您的管理员。您保存过的文件都还在。"
MB = 1 << 20


class NoLabError(HTTPError):
    """A start that is refused; `sentence` says why on the hub's page, in its reader's language."""

    def __init__(self, sentence: str, status: int = 403) -> None:
        super().__init__(status)
        self.sentence = self.jupyterhub_message = sentence


class LabSpawner(Spawner):
    """Starts a person's server behind walls, in a folder of their own; needs no account on the machine."""

    labs = Unicode(help="the home's folder of rooms").tag(config=True)
    portal_url = Unicode(help="where the portal listens on this machine").tag(config=True)
    memory = Integer(1536 * MB, help="bytes of memory that all of a person's programs take together").tag(config=True)
    disk = Integer(1024 * MB, help="bytes of disk").tag(config=True)
    processes = Integer(64, help="processes at once").tag(config=True)
    attendant: AnyValue = AnyValue(None, allow_none=True)
    version = ""

    def room(self, lab: Lab) -> Room:
        return Room(Path(self.labs) / lab.handle)

    async def start(self) -> tuple[str, int]:
        """Return where the server listens, or raise NoLabError."""
        lab = await self.authenticator.lab_of(self.user.name)
        if lab is None:
            raise NoLabError(OFF)
        room = self.room(lab)
        await asyncio.to_thread(furnish, room, lab.purpose)
        self.version = room.version
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            reading, telling = os.pipe()
            with open(reading, "rb", buffering=0) as heard:
                self._launch(room, lab, listening, telling)
                said = await asyncio.to_thread(heard.read, len(NO_WALLS))
        if said != STANDS.encode():
            await self.stop(now=True)
            raise NoLabError(WITHOUT_WALLS if said == NO_WALLS.encode() else FAILED, 503)
        return "127.0.0.1", self.port

    async def poll(self) -> int | None:
        """Return None while the server runs and its person may have it; who may no longer finds it ended."""
        if self.attendant is None:
            return 0
        code: int | None = self.attendant.poll()
        if code is not None or await self._is_granted():
            return code
        self.log.info("JupyterLab of %s is turned off: ending it", self.user.name)
        await self.stop(now=True)
        return 0

    async def stop(self, now: bool = False) -> None:
        if self.attendant is None:
            return
        with suppress(ProcessLookupError):
            self.attendant.terminate()
        try:
            await asyncio.to_thread(self.attendant.wait, TO_END)
        except subprocess.TimeoutExpired:
            self.attendant.kill()
            await asyncio.to_thread(self.attendant.wait)

    def is_outdated(self, lab: Lab) -> bool:
        """Say whether another copy of a gradebook was put into the room since the server started."""
        return self.version != self.room(lab).version

    async def _is_granted(self) -> bool:
        try:
            return await self.authenticator.lab_of(self.user.name) is not None
        except SQLAlchemyError:
            self.log.warning("cannot read now whether %s may have JupyterLab", self.user.name)
            return True

    def _launch(self, room: Room, lab: Lab, listening: socket.socket, telling: int) -> None:
        order = self._order(room).said()
        command = (sys.executable, "-m", "banyan.labs", order, str(listening.fileno()), str(telling))
        with open(room.root / "server.log", "wb") as log, open(telling, "wb"):
            self.attendant = subprocess.Popen(
                command,
                env=self.get_env() | self._surroundings(room, lab),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(listening.fileno(), telling),
                start_new_session=True,
                cwd="/",
            )

    def _order(self, room: Room) -> Order:
        scratch = self._scratch(room)
        return Order(
            readable=(*(str(HOUSE / each) for each in OURS), str(room.config)),
            writable=(str(room.work), str(room.home), scratch),
            begins_in=str(room.config),
            ports=(self.hub.port, int(self.portal_url.rpartition(":")[2])),
            memory=self.memory,
            disk=self.disk,
            processes=self.processes,
            scratch=scratch,
        )

    def _scratch(self, room: Room) -> str:
        """Return a folder with a short name: sockets of kernels lie there, and their addresses have 107 bytes."""
        return f"/tmp/banyan-{hashlib.sha256(str(room.root).encode()).hexdigest()[:12]}"  # noqa: S108 - made with care there

    def _surroundings(self, room: Room, lab: Lab) -> dict[str, str]:
        """Return what a server finds in its environment beside what the hub tells every server."""
        home, scratch = str(room.home), self._scratch(room)
        return {
            "BANYAN_SERVICE": "hub",  # whose orphan it is, should the hub be killed
            "BANYAN_LAB_PURPOSE": lab.purpose,
            "BANYAN_LAB_LANGUAGE": lab.language,
            "BANYAN_PORTAL_URL": self.portal_url,
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": home,
            "USER": self.user.name,
            "SHELL": "/bin/sh",
            "TMPDIR": scratch,
            "JUPYTERHUB_ROOT_DIR": str(room.work),
            "JUPYTERHUB_DISABLE_USER_CONFIG": "1",
            "JUPYTER_CONFIG_DIR": str(room.config),
            "JUPYTER_CONFIG_PATH": str(HOUSE / "hub_config"),  # nbgrader_config.py of the whole house is read there
            "JUPYTER_DATA_DIR": f"{home}/.local/share/jupyter",
            "JUPYTER_RUNTIME_DIR": f"{scratch}/run",
            "IPYTHONDIR": f"{home}/.ipython",
            "JUPYTERLAB_SETTINGS_DIR": f"{home}/.lab/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/.lab/workspaces",
            "PYTHONNOUSERSITE": "1",
            "PYTHONSTARTUP": str(HOUSE / "hub_config" / "kernel_startup.py"),
            "PYTHONPATH": str(HOUSE),
        }
