"""A lesson reads what it is taught from and writes nothing."""

from pathlib import Path

import pytest

from banyan.settings import HOUSE
from tests.grading.confinement.cell import FILE_WALLS, REFUSED, needs_filter, needs_landlock, needs_tree, run, short_folder


@pytest.mark.parametrize("walls", FILE_WALLS)
@pytest.mark.parametrize("name", ["keys/cookie", "data/records.sqlite", "data/gradebooks/x-1.db", "uploads/roster.xlsx"])
def test_nothing_of_the_home_is_read(walls: str, name: str, tmp_path: Path) -> None:
    secret = tmp_path / "home" / name
    secret.parent.mkdir(parents=True)
    secret.write_text("secret")
    read = "return Path(given).read_text()"
    assert run("open", read, secret) == "secret"
    assert run(walls, read, secret) in REFUSED
    assert run(walls, "return os.listdir(given)", secret.parent) in REFUSED


@needs_tree
@pytest.mark.parametrize(
    "path", ["/etc/shadow", "/etc/passwd", "/etc/ssh", "/root", "/home", "/tmp", "/var", "/run", "/sys", "/boot"]
)
def test_what_else_the_machine_holds_is_not_read(path: str) -> None:
    if not Path(path).exists():
        pytest.skip(f"there is no {path} here")
    look = "return len(os.listdir(given)) if os.path.isdir(given) else len(Path(given).read_text())"
    assert isinstance(run("open", look, path), int)
    assert run("zygote", look, path) in REFUSED


@needs_tree
def test_the_houses_own_papers_are_not_read_where_its_code_is() -> None:
    exam = next((HOUSE / "courses").glob("*/questions/exam/*.yaml"))
    read = "return bool(Path(given).read_bytes())"
    assert run("open", read, exam)
    assert run("zygote", "import widgets\nreturn widgets.__name__") == "widgets"
    assert run("zygote", read, HOUSE / "banyan" / "errors.py")
    assert run("zygote", read, exam) in REFUSED
    assert run("zygote", read, HOUSE / "pyproject.toml") in REFUSED


@needs_tree
def test_a_release_is_read_and_not_written(tmp_path: Path) -> None:
    lesson = tmp_path / "releases" / "x-1" / "1"
    lesson.mkdir(parents=True)
    (lesson / "model.py").write_text("rain = 3")
    walls = f"confine([Path('{lesson}')], [folder])"
    assert run(walls, "return (Path(given) / 'model.py').read_text()", lesson) == "rain = 3"
    assert run(walls, "(Path(given) / 'model.py').write_text('x')", lesson) in {"PermissionError", "OSError"}
    assert run(walls, "(Path(given) / 'new.py').write_text('x')", lesson) in {"PermissionError", "OSError"}
    assert run(walls, "os.truncate(Path(given) / 'model.py', 0)", lesson) in {"PermissionError", "OSError"}


@needs_tree
@pytest.mark.parametrize("where", ["/tmp/banyan-x", "/dev/shm/banyan-x", "/var/tmp/banyan-x", "/banyan-x", "banyan-x"])
def test_nothing_is_written_anywhere(where: str) -> None:
    deed = "Path(given).write_text('x')\nreturn 'written'"
    assert run("zygote", deed, where) in {*REFUSED, "OSError"}
    assert not Path(where).exists()


@needs_landlock
def test_among_the_sockets_nothing_but_sockets_is_made_and_nothing_read(tmp_path: Path) -> None:
    with short_folder() as folder:
        (folder / "kernel.json").write_text("key")
        assert run("zygote", "(folder / 'file').write_text('x')", folder=folder) == "PermissionError"
        assert run("zygote", "return (folder / 'kernel.json').read_text()", folder=folder) == "PermissionError"


@needs_filter
@pytest.mark.parametrize(
    "deed", ["os.chmod(given, 0)", "os.utime(given)", "os.chown(given, os.getuid(), -1)", "os.setxattr(given, 'user.x', b'')"]
)
def test_a_files_marks_are_left_alone(deed: str, tmp_path: Path) -> None:
    (tmp_path / "records").touch()
    assert run("filter", deed, tmp_path / "records") == "PermissionError"


SCRATCH = "confine([], [], scratch=[folder])"


@needs_tree
def test_in_a_scratch_folder_files_are_made_read_changed_and_removed() -> None:
    deed = """
        os.mkdir(folder / "mine")
        file = folder / "mine" / "a.txt"
        file.write_text("one")
        file.write_text("two")
        os.replace(file, folder / "mine" / "b.txt")
        read = (folder / "mine" / "b.txt").read_text()
        os.remove(folder / "mine" / "b.txt")
        os.rmdir(folder / "mine")
        return [read, os.listdir(folder)]
    """
    assert run(SCRATCH, deed) == ["two", []]


@needs_landlock
@pytest.mark.parametrize("make", ["os.symlink('/', folder / 'link')", "os.mkfifo(folder / 'pipe')"])
def test_in_a_scratch_folder_nothing_but_files_is_made(make: str) -> None:
    assert run("open", f"{make}\nreturn 'made'") == "made"
    assert run(SCRATCH, f"{make}\nreturn 'made'") in REFUSED


@needs_landlock
def test_who_keeps_to_a_folder_reads_the_others_and_changes_none() -> None:
    walls = f"{SCRATCH}; (folder / 'mine').mkdir(); (folder / 'other').write_text('1'); keep_to(folder / 'mine')"
    assert run(walls, "(folder / 'mine' / 'a').write_text('1')\nreturn (folder / 'other').read_text()") == "1"
    assert run(walls, "(folder / 'other').write_text('2')") in REFUSED
    assert run(walls, "os.remove(folder / 'other')") in REFUSED
