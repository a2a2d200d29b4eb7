"""Folders people sent in, each a file named by the SHA-256 of what it holds: written once, on disk before it is named.

Rows are written after their files, so a row never names what is not there; a file no row names is a leftover of a
moment in which something failed, or was replaced, and is swept away after a day (banyan.tracker.erasure_sweep).
"""

import hashlib
from pathlib import Path

from banyan.errors import HomeError, TamperedError
from banyan.records import answer_store, content


class Bundles:
    """`root` is a folder of the home, made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, data: bytes) -> str:
        """Put bytes on disk, if they are not there yet, and return their digest once they are."""
        return answer_store.put(self.root, data)

    def read(self, digest: str) -> bytes:
        """Return what was kept; HomeError if it is gone, TamperedError if it is not what it was."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError as fault:
            raise HomeError("交上来的文件 {digest} 不见了；请从备份恢复", digest=digest) from fault
        if hashlib.sha256(data).hexdigest() != digest:
            raise TamperedError("交上来的文件和当时的对不上，请联系平台管理员")
        return data

    def _path(self, digest: str) -> Path:
        path = content.place(self.root, digest)
        if path is None:
            raise ValueError(digest)
        return path
