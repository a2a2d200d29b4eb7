"""Whether the records are there: opening a SQLite file that is gone would quietly begin an empty one."""

from pathlib import Path

from banyan.errors import HomeError


def require(records: Path) -> None:
    """Raise HomeError unless a file of records is there and holds something."""
    if not is_there(records):
        raise HomeError("档案文件 {path} 不见了；停掉服务，把最近的备份恢复到新目录（banyan restore）", path=records)


def is_there(records: Path) -> bool:
    return records.is_file() and records.stat().st_size > 0
