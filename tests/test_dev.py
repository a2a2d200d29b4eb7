"""`./dev` says what it can do, and what it lacks, in one clear sentence."""

import os
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from banyan.settings import HOUSE


def dev(*words: str, house: Path = HOUSE, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(house / "dev"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=60)


def script() -> ModuleType:
    loader = SourceFileLoader("dev", str(HOUSE / "dev"))
    spec = spec_from_loader("dev", loader)
    assert spec
    loaded = module_from_spec(spec)
    loader.exec_module(loaded)
    return loaded


def test_without_a_verb_all_verbs_are_listed() -> None:
    said = dev().stdout
    assert [verb for verb in script().VERBS if f"  {verb} " not in said] == []


def test_an_unknown_verb_is_named() -> None:
    done = dev("fly")
    assert (done.returncode, "没有 fly 这个命令" in done.stderr) == (1, True)


def test_a_bench_without_a_name_names_them_all() -> None:
    done = dev("bench")
    assert done.returncode == 1
    assert "：answers、desks、grading、" in done.stderr
    assert "\nName one: answers, desks, grading, " in done.stderr
    assert "_load" not in done.stderr


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path) -> None:
    shutil.copy(HOUSE / "dev", tmp_path)
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "ensurepip.py").write_text("raise ImportError")
    done = dev("up", house=tmp_path, PYTHONPATH=str(tmp_path / "lacking"))
    assert done.returncode == 1
    assert "请先安装 python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_without_a_browser_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="找不到 Chromium"):
        script().find_browser()
