"""JupyterLab behind the walls: the hub's own single-user server on a socket that was opened for it outside."""

import socket
from collections.abc import Callable

from jupyter_server.serverapp import ServerApp
from jupyterhub.singleuser.extension import JupyterHubSingleUser
from nbgrader.apps import NbGrader


class Served(ServerApp):
    """A server that opens no port of its own: in here none can be opened."""

    listening: socket.socket
    tell: staticmethod

    def _find_http_port(self) -> None:
        pass

    def _bind_http_server_tcp(self) -> bool:
        self.listening.setblocking(False)
        self.http_server.add_socket(self.listening)
        self.tell()
        return True


def serve(listening: socket.socket, tell: Callable[[], None]) -> None:
    """Serve until told to stop, and tell once that it does. What it does stands in hub_config/jupyter_server_config.py.

    nbgrader would run a `nbgrader_config.py` that lies in a person's folder within the server: what they write runs in
    their kernels, and nowhere else, since this process answers whoever follows a link to it.
    """
    Served.listening, Served.tell = listening, staticmethod(tell)
    NbGrader.load_cwd_config = False
    JupyterHubSingleUser.serverapp_class = Served
    JupyterHubSingleUser.launch_instance(argv=[])
