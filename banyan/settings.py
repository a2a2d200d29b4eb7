"""Where a house keeps its things and how it is set: the only module that reads the environment.

A home is one folder: `banyan.toml` says what it is, `keys/` holds its secrets
(banyan.keys). Entry points open the home and hand values down.

`version` says which form the home has: the number of the records' last migration, since every change of a home comes
with one. `unfinished` is there while `banyan install` or `banyan upgrade` is at work, and stays if that was broken off.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

import banyan
from banyan.errors import HomeError
from banyan.keys import KEYS, draw, inspect, write

HOUSE = Path(banyan.__file__).parents[1]  # the checkout
COURSES, CONTENT = HOUSE / "courses", HOUSE / "content"
FOLDERS = ("keys", "releases", "gradebooks", "uploads", "answer-files", "works", "labs", "prints", "logs", "run")
FORM = 16
HINTS = {
    "address": '# address = "0.0.0.0"                         # 让局域网里的手机也能打开\n',
    "public_url": '# public_url = "https://xuexi.example.gov.cn"  # 大家输入的网址，会印在证书上；没有 https 就不发证\n',
}
DEMO_COUNTY = "榕溪县（示例）"
REMEDY = "请换一个目录，或用 banyan install 新建"


@dataclass(frozen=True)
class Home:
    """One folder with everything a house remembers; see `open` and `create`."""

    root: Path

    @property
    def toml(self) -> Path:
        return self.root / "banyan.toml"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def version(self) -> Path:
        return self.root / "version"

    @property
    def unfinished(self) -> Path:
        return self.root / "unfinished"

    @property
    def recovery(self) -> Path:
        """The public half of the recovery code; backups seal the keys to it."""
        return self.root / "recovery.pub"

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def records_url(self) -> str:
        """SQLAlchemy's address of the records, unless BANYAN_RECORDS_URL names a PostgreSQL."""
        return f"sqlite:///{self.records}"

    @property
    def records(self) -> Path:
        return self.root / "records.sqlite"

    @property
    def hub_url(self) -> str:
        return f"sqlite:///{self.root / 'hub.sqlite'}"

    @property
    def queue(self) -> Path:
        return self.root / "huey.sqlite"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def gradebooks(self) -> Path:
        return self.root / "gradebooks"

    @property
    def uploads(self) -> Path:
        """Files people sent in that wait for a decision, such as a roster between preview and import."""
        return self.root / "uploads"

    @property
    def answer_files(self) -> Path:
        """Photos that learners sent as answers, each under the SHA-256 of what it holds."""
        return self.root / "answer-files"

    @property
    def works(self) -> Path:
        """Notebook tasks as they were handed in, and nbgrader's pages about them."""
        return self.root / "works"

    @property
    def labs(self) -> Path:
        """A folder for each person who has JupyterLab: their own work, and copies made for them."""
        return self.root / "labs"

    @property
    def prints(self) -> Path:
        """Files of many certificates that somebody asked for, each for a day."""
        return self.root / "prints"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def accounts(self) -> Path:
        """Where a demo home writes down its accounts."""
        return self.root / "accounts.txt"

    def key(self, name: str) -> bytes:
        """Return a secret: hex digits that may serve as a token, or PEM for `signing`."""
        return (self.keys / name).read_bytes().strip()

    @property
    def entry_key(self) -> bytes:
        """Return what slips, devices and their digits are bound to."""
        return bytes.fromhex(self.key("entry").decode())

    @property
    def form(self) -> int:
        """Return which form the home has; the first one had no `version`."""
        try:
            return int(self.version.read_text(encoding="ascii")) if self.version.exists() else 1
        except (OSError, ValueError) as fault:
            raise HomeError("{path} 读不出来；请从备份恢复", path=self.version) from fault

    @classmethod
    def create(cls, path: Path, demo: bool, county: str = DEMO_COUNTY, port: int = 8000, **others: str) -> Self:
        """Make the folders and draw the keys; what a broken-off creation left is completed, not redrawn.

        `others` are further settings by name.
        """
        home = cls(path.absolute())
        if home.toml.exists():
            raise HomeError("{path} 已经建好，不会重建", path=home.root)
        try:
            home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            home.complete()
            write(home.version, f"{FORM}\n")
            write(home.toml, _describe(demo, county, port, others))  # last: a home is there when it says what it is
        except OSError as fault:
            raise HomeError("建不了 {path}：{fault}；请检查权限和磁盘空间", path=home.root, fault=fault.strerror) from fault
        return home

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the home at a path once everything it needs is there, kept secret and of this version's form."""
        home = cls.found(path)
        home.check_form()
        Settings.of(home)
        for name in KEYS:
            inspect(home.keys / name)
        for name in FOLDERS:
            (home.root / name).mkdir(mode=0o700, exist_ok=True)  # git and archives drop empty folders
        return home

    @classmethod
    def found(cls, path: Path) -> Self:
        """Return the home at a path, of whatever form and in whatever state."""
        home = cls(path.absolute())
        if not home.root.is_dir():
            raise HomeError("找不到 {path}；" + REMEDY, path=home.root)
        home.check_owner()
        if not os.access(home.root, os.R_OK | os.W_OK | os.X_OK):
            raise HomeError("没有权限读写 {path}；请换成它的主人来运行", path=home.root)
        if not home.toml.is_file() and not home.unfinished.is_file():
            raise HomeError("{path} 里没有 banyan.toml，不是榕学的数据目录；" + REMEDY, path=home.root)
        return home

    def check_owner(self) -> None:
        """Raise HomeError for root in somebody else's home: what root writes there its owner could not read."""
        owner = self.root.stat().st_uid if self.root.exists() else 0
        if os.geteuid() == 0 and owner != 0:
            raise HomeError("{path} 不是 root 的；请换成它的主人来运行：sudo -u '#{owner}' …", path=self.root, owner=owner)

    def check_form(self) -> None:
        """Raise HomeError unless the home is whole and has the form this version knows."""
        if self.unfinished.exists():
            command = self.unfinished.read_text(encoding="utf-8").strip() or "upgrade"
            raise HomeError("{path} 上次的 {command} 没有做完；请再运行一次 banyan {command}", path=self.root, command=command)
        if self.form > FORM:
            raise HomeError("{path} 是更新版本的榕学建的；请先更新程序", path=self.root)
        if self.form < FORM:
            raise HomeError("{path} 是旧版本的数据目录；请先停掉服务，运行 banyan upgrade", path=self.root)

    def complete(self) -> list[Path]:
        """Add the folders and keys that are not there yet, and return the keys drawn."""
        for name in FOLDERS:
            (self.root / name).mkdir(mode=0o700, exist_ok=True)
        return [self.keys / name for name in KEYS if draw(self.keys / name)]


class Settings(BaseSettings):
    """How this house is set: the environment (`BANYAN_PORT=…`) before `banyan.toml`."""

    model_config = SettingsConfigDict(env_prefix="BANYAN_", extra="forbid", frozen=True)

    demo: bool
    county: str
    port: int = 8000
    address: str = "127.0.0.1"  # what the proxy listens on; a house for others sets 0.0.0.0 and stands behind https
    public_url: str = ""  # what people type and certificates print; empty: the address and port above
    reverse_proxies: tuple[str, ...] = ()  # addresses of proxies on other machines, whose word on who comes is taken
    records_url: str = ""  # empty: records.sqlite in the home
    lesson_kernels: int = Field(default_factory=lambda: fitting_kernels(memory()), ge=1)  # simulations computing at once

    lab_servers: int = Field(default_factory=lambda: fitting_labs(memory()), ge=1)  # JupyterLabs open at once

    # Drawn by `banyan serve` from the ports that are free, so that several homes share one machine.
    hub_port: int = 0
    proxy_api_port: int = 0
    portal_port: int = 0
    lessons_port: int = 0

    @property
    def origin(self) -> str:
        """The address people reach the house by, without a slash at the end."""
        host = "127.0.0.1" if self.address == "0.0.0.0" else self.address  # noqa: S104 - compared, not bound
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def is_public(self) -> bool:
        """Say whether certificates may print the address: others can reach it, and be sure whom they reach."""
        return self.public_url.startswith("https://")

    @classmethod
    def of(cls, home: Home) -> Self:
        """Read the settings of a home, or raise HomeError naming the field that is wrong."""
        try:
            return type("HomeSettings", (cls,), {"model_config": SettingsConfigDict(toml_file=home.toml)})()
        except tomllib.TOMLDecodeError as fault:
            raise HomeError("{path} 写坏了（{fault}）；请改正这一行", path=home.toml, fault=fault) from fault
        except (OSError, UnicodeDecodeError) as fault:
            raise HomeError("读不了 {path}（{fault}）", path=home.toml, fault=fault) from fault
        except ValidationError as fault:
            fields = "、".join(str(error["loc"][0]) for error in fault.errors())
            raise HomeError("{path} 里这几项不对：{fields}", path=home.toml, fields=fields) from fault

    @staticmethod
    def records_elsewhere() -> str:
        """Return the database the environment names for a home that is still to be made."""
        return os.environ.get("BANYAN_RECORDS_URL", "")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def fitting_kernels(memory: int) -> int:
    """Return how many lessons' kernels a machine bears: a quarter of its memory, at 16 MB each, and no more than 300."""
    return min(max(memory // 4 // (16 << 20), 10), 300)


def fitting_labs(memory: int) -> int:
    """Return how many JupyterLabs a machine bears: an eighth of its memory, at 400 MB each, and no fewer than 2."""
    return max(memory // 8 // (400 << 20), 2)


def current_home() -> Home:
    """Open the home named by BANYAN_HOME."""
    path = os.environ.get("BANYAN_HOME", "")
    if not path:
        raise HomeError("没有说明数据目录：请加 --home 目录，或设置 BANYAN_HOME")
    return Home.open(Path(path))


def _describe(demo: bool, county: str, port: int, others: Mapping[str, str]) -> str:
    given = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in others.items() if value]
    hints = [hint for name, hint in HINTS.items() if not others.get(name)]
    lines = (f"demo = {str(demo).lower()}\n", f"county = {json.dumps(county, ensure_ascii=False)}\n", f"port = {port}\n")
    return "".join((*lines, *given, *hints))
