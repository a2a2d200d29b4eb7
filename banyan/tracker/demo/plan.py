"""content/demo/county.yaml, word for word."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict


class Planned(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CountyPlan(Planned):
    name: str
    code: str


class TownPlan(Planned):
    name: str
    code: str
    communities: tuple[str, ...]


class PostPlan(Planned):
    post: str
    role: str
    count: int
    full_time: bool = True


class PostsPlan(Planned):
    town: tuple[PostPlan, ...]
    community: tuple[PostPlan, ...]
    grid: tuple[PostPlan, PostPlan]


class AccountPlan(Planned):
    """`at` is the names from the town down, `over` the unit a duty holds for."""

    name: str
    at: str
    role: str
    post: str
    shows: str
    full_time: bool = True
    duty: Literal["trainer", "administrator", "platform"] | None = None
    over: str = ""
    progress: Literal["fresh", "learning", "examined", "certified"] | None = None


class SettingsSource(Planned):
    source: str
    dated_on: date
    owner: str


class SettingPlan(Planned):
    """One of 本县设置, as somebody would type it in; `at` is a unit's names from the town down."""

    key: str
    at: str
    value: Any


class Plan(Planned):
    county: CountyPlan
    towns: tuple[TownPlan, ...]
    grids: tuple[str, ...]
    posts: PostsPlan
    empty_grids: int
    doubled_grids: int
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    accounts: tuple[AccountPlan, ...]
    settings_from: SettingsSource
    settings: tuple[SettingPlan, ...]


def read_plan(path: Path) -> Plan:
    return Plan.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
