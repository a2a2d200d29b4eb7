"""What a kernel is told of the world: where programs are and how text is written. It knows nobody."""

import os
from pathlib import Path

from IPython.core.profiledir import ProfileDir

import banyan

HOUSE = Path(banyan.__file__).parents[1]
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def empty_home(folder: Path) -> Path:
    """Make what kernels take for their home, and find already made, for they write nowhere."""
    home = folder / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    ProfileDir.create_profile_dir_by_name(str(home), "default")
    return home


def environment(home: Path) -> dict[str, str]:
    """Return all that a kernel is told of the world: where programs are and how text is written."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(home),
        "PYTHONPATH": str(HOUSE),
        "PYTHONDONTWRITEBYTECODE": "1",  # a release is never written to
        "PYTHONUTF8": "1",
    }
