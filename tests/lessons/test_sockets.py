"""Where kernels' sockets lie: a killed service's are swept up, another home's are left alone."""

import shutil
from pathlib import Path

from banyan.lessons.app import sockets
from banyan.settings import Home


def test_what_a_killed_service_left_is_swept_up(home: Home, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    (home.run / "lessons.sockets").write_text(f"{home.root}\n{left}")
    with sockets(home) as folder:
        assert folder.is_dir()
        assert not left.exists()


def test_a_copied_home_leaves_the_sockets_of_the_first_alone(home: Home, tmp_path: Path) -> None:
    with sockets(home) as folder:
        copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
        with sockets(copy) as other:
            assert other != folder
        assert folder.is_dir()
