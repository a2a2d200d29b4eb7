"""A lesson takes no more than its share."""

from pathlib import Path

from tests.grading.confinement.cell import Ended, run


def test_memory_ends_before_the_machines_does() -> None:
    assert run("kernel", "return len(bytearray(64 << 20))") == 64 << 20
    assert run("kernel", "bytearray(1 << 30)") == "MemoryError"
    assert run("kernel", "import mmap\nmmap.mmap(-1, 1 << 30)") == "OSError"
    assert run("confine([], [folder]); limit(mapped(), Limits(memory=16 << 20))", "bytearray(64 << 20)") == "MemoryError"


def test_what_libraries_map_is_not_taken_from_a_kernels_memory() -> None:
    many = "held = bytearray(400 << 20); confine([], [folder]); limit(mapped())"
    assert run(many, "return len(bytearray(128 << 20))") == 128 << 20
    assert run(many, "bytearray(512 << 20)") == "MemoryError"


def test_a_loop_without_end_ends() -> None:
    found = run("confine([], [folder]); limit(mapped(), Limits(processor=1))", "while True: pass")
    assert found == Ended(-9, "")


def test_no_file_grows_without_end(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        walls = f"limit(mapped()); log = os.open({str(tmp_path / 'log')!r}, os.O_WRONLY)"
        assert run(walls, "for _ in range(64): os.write(log, bytes(1 << 20))") == "OSError"
        assert log.seek(0, 2) <= 1 << 20


def test_open_files_are_counted() -> None:
    assert run("kernel", "held = [os.open(os.devnull, os.O_RDONLY) for _ in range(10_000)]") == "OSError"
    assert run("kernel", "return len([os.open(os.devnull, os.O_RDONLY) for _ in range(200)])") == 200


def test_a_kernel_gives_way_to_the_house() -> None:
    deed = "import resource\nreturn [os.getpriority(os.PRIO_PROCESS, 0), *resource.getrlimit(resource.RLIMIT_CORE)]"
    assert run("kernel", deed) == [min(run("open", deed)[0] + 5, 19), 0, 0]
    prepared = "from grading.confinement import limits; limits.prepare()"
    assert run(prepared, "return int(Path('/proc/self/oom_score_adj').read_text())") == 500
