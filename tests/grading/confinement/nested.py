"""Folders within each other, as only a program makes them."""

import os
from pathlib import Path

DEEP = 2000  # more than Python recurses, and more handles than a process may have


def nested(folder: Path, name: str = "d", times: int = DEEP) -> None:
    """Make them by steps, with a file in the last: a path would soon be too long."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(times):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
