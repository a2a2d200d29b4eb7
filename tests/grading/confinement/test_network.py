"""A lesson speaks to nobody: not to the world, not to this machine, not to another service of it."""

import os
import socket
from collections.abc import Iterator

import pytest

from tests.grading.confinement.cell import REFUSED, WHOLE, needs_filter, needs_namespaces, needs_network, run, short_folder


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


TCP = """
    import socket
    with socket.create_connection(("127.0.0.1", given), timeout=3):
        return "connected"
"""
UDP = """
    import socket
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        return line.sendto(b"x", ("127.0.0.1", given))
"""


@pytest.mark.parametrize(
    "walls",
    [
        pytest.param("zygote", id="all"),
        pytest.param("namespaces", marks=needs_network, id="namespaces"),
        pytest.param(
            "landlock", marks=pytest.mark.skipif(WHOLE.landlock < 4, reason="Landlock below 4 knows no TCP"), id="landlock"
        ),
        pytest.param("filter", marks=needs_filter, id="filter"),
    ],
)
def test_no_connection_is_made_not_even_to_this_machine(walls: str, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert run("open", TCP, port) == "connected"
    assert run(walls, TCP, port) in {"PermissionError", "OSError"}


@pytest.mark.parametrize(
    "walls", ["zygote", pytest.param("namespaces", marks=needs_network), pytest.param("filter", marks=needs_filter)]
)
def test_no_datagram_leaves(walls: str) -> None:
    assert run("open", UDP, 9) == 1
    assert run(walls, UDP, 9) in {"PermissionError", "OSError"}


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"])
@needs_filter
def test_no_socket_exists_but_of_unix(family: str) -> None:
    assert run("zygote", f"import socket\nsocket.socket(socket.{family}, socket.SOCK_RAW).close()") == "OSError"


def test_no_name_is_looked_up() -> None:
    look = "import socket\ntry: return socket.getaddrinfo('example.org', 80)\nexcept socket.gaierror: return 'no answer'"
    assert run("zygote", look) == "no answer"


@pytest.mark.parametrize(
    "walls",
    [
        pytest.param("zygote", id="all"),
        pytest.param("namespaces", marks=needs_network, id="namespaces"),
        pytest.param("landlock", marks=pytest.mark.skipif(WHOLE.landlock < 6, reason="Landlock below 6"), id="landlock"),
        pytest.param("filter", marks=needs_filter, id="filter"),
    ],
)
def test_sockets_without_a_path_lead_nowhere(walls: str) -> None:
    call = "import socket\nwith socket.socket(socket.AF_UNIX) as line: line.connect('\\0' + given)\nreturn 'connected'"
    with socket.socket(socket.AF_UNIX) as server:
        name = f"banyan-{os.getpid()}"
        server.bind(f"\0{name}")
        server.listen()
        assert run("open", call, name) == "connected"
        assert run(walls, call, name) in {"PermissionError", "ConnectionRefusedError"}


@pytest.mark.parametrize(
    "walls", [pytest.param("namespaces", marks=needs_namespaces), pytest.param("filter", marks=needs_filter)]
)
def test_other_services_sockets_are_out_of_reach(walls: str) -> None:
    call = "import socket\nwith socket.socket(socket.AF_UNIX) as line: line.connect(given)\nreturn 'connected'"
    with short_folder() as elsewhere, socket.socket(socket.AF_UNIX) as server:
        server.bind(str(elsewhere / "s"))
        server.listen()
        assert run("open", call, elsewhere / "s") == "connected"
        assert run(walls, call, elsewhere / "s") in REFUSED
