"""How the machine and the folder are: space, permissions, clock, address, whether anybody is at home."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import HomeError
from banyan.keeping.finding import Finding, due, good, lost
from banyan.keeping.plan import public_url
from banyan.keeping.presence import answers, is_served
from banyan.keeping.snapshot import within
from banyan.settings import Home, Settings
from banyan.tracker.steady import BELIEVED_AFTER
from banyan.words.language import N_

FULL, TIGHT = 200, 2000  # MB
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that goes right shows an earlier day."""
COUNTY_OFFSET = timedelta(hours=8)


def room(home: Home) -> int:
    """Return how many MB are left where a home lies."""
    return shutil.disk_usage(home.root).free // 10**6


def space(home: Home) -> Finding:
    left = room(home)
    if left < FULL:
        return lost(
            "space", N_("磁盘快满了，只剩 {left} MB，答卷可能存不下"), N_("马上腾出空间：删旧备份、旧日志，或换大磁盘"), left=left
        )
    if left < TIGHT:
        return due("space", N_("磁盘只剩 {left} MB"), N_("这几天腾出空间，或换大磁盘"), left=left)
    return good("space", N_("磁盘还有 {left} MB"), left=left)


def permissions(home: Home) -> Iterator[Finding]:
    """Nobody but the owner may look into a home; of what lies in it, keys and settings are checked one by one."""
    open_to_others = [path for path in (home.root, home.keys) if _open_to_others(path)]
    for path in open_to_others:
        yield lost("permissions", N_("别人也能进 {path}"), N_("运行 chmod 700 {path}"), path=path)
    secrets = [path for path in (*sorted(home.keys.glob("*")), home.toml) if _open_to_others(path)]
    for path in secrets:
        yield lost(
            "permissions", N_("别人也能读 {path}"), N_("运行 chmod 600 {path}；别人可能看过的话，请联系提供程序的人"), path=path
        )
    if not open_to_others and not secrets:
        yield good("permissions", N_("目录和密钥只有主人能读"))


def looked_at(path: Path) -> os.stat_result | None:
    """Return what a file is like, None where it is gone: journals come and go while one looks."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _open_to_others(path: Path) -> bool:
    is_like = looked_at(path)
    return is_like is not None and bool(stat.S_IMODE(is_like.st_mode) & 0o077)


def owners(home: Home) -> Iterator[Finding]:
    """A command run as root leaves files behind that the service cannot open."""
    mine = home.root.stat().st_uid
    paths = (path for folder in (home.root, home.keys, home.run, home.logs) if folder.is_dir() for path in sorted(within(folder)))
    strange = [path for path in paths if (is_like := looked_at(path)) and is_like.st_uid != mine]
    if strange:
        yield lost(
            "owner",
            N_("{path} 是别的用户的，榕学可能打不开"),
            N_("用管理员身份运行 chown -R {mine}: {root}；以后用 {mine} 这个用户运行 banyan"),
            path="、".join(map(str, strange[:3])),
            mine=user_name(mine),
            root=home.root,
        )


def user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def lessons() -> Finding:
    """What shuts the code of lessons in on this machine: it is tried, in a process of its own."""
    try:
        tried = subprocess.run((sys.executable, "-m", "grading.confinement", "--json"), capture_output=True, timeout=60)
        holds = json.loads(tried.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return due("lessons", N_("没试出互动课的隔离墙"), N_("把 logs/lessons.log 发给提供程序的人"))
    walls = {"namespaces": holds["network"] and holds["tree"], "Landlock": holds["landlock"], "seccomp": holds["filtered"]}
    missing = ", ".join(name for name, stands in walls.items() if not stands)
    remedy = N_("按说明书“互动课的隔离墙”一节改系统设置，再看一次")
    if tried.returncode:
        return due("lessons", N_("互动课没有关严，缺 {missing}：课里的程序出了错，可能碰到档案"), remedy, missing=missing)
    if missing:
        return due("lessons", N_("互动课关好了，但少一道隔离墙：{missing}"), remedy, missing=missing)
    return good("lessons", N_("互动课关在三道隔离墙里：没有网络，看不到档案，开不了别的程序"))


def clock(now: datetime, last: datetime | None) -> Finding:
    """`last` is when the audit log was written to last."""
    if now < BUILT:
        return lost(
            "clock",
            N_("服务器的时钟是 {now}，明显不对"),
            N_("校准时间（timedatectl set-ntp true），再重启服务"),
            now=f"{now:%Y-%m-%d}",
        )
    if last and now < last - timedelta(minutes=2):
        back = int((last - now).total_seconds() // 60)
        return lost(
            "clock",
            N_("服务器的时钟往回跳了 {back} 分钟"),
            N_("校准时间（timedatectl set-ntp true）；考试的起止时间以服务器为准，这段时间里的考试请老师留意"),
            back=back,
        )
    if now.astimezone().utcoffset() != COUNTY_OFFSET:
        return due(
            "clock",
            N_("服务器没有用北京时间；网页不受影响，定时备份会按服务器的钟走"),
            N_("想改就运行 timedatectl set-timezone Asia/Shanghai"),
        )
    return good("clock", N_("时钟正常"))


def jump(now: datetime, at: datetime, to: datetime) -> Iterator[Finding]:
    """`at` is when the clock jumped ahead last, `to` what it showed then; told for a day, by either of them."""
    if to <= now < to + BELIEVED_AFTER:
        yield lost(
            "clock",
            N_("服务器的时钟刚刚从 {at} 跳到 {to}；暂时不信它，正在考的照原来的时间考"),
            N_("看看现在几点。钟错了，十分钟以内校准（timedatectl set-ntp true）；过了十分钟就当它是对的，到时间的考试都会交卷"),
            at=_minute(at),
            to=_minute(to),
        )
    elif any(abs(now - each) < timedelta(days=1) for each in (at, to)):
        yield due(
            "clock",
            N_("服务器的时钟从 {at} 跳到过 {to}"),
            N_("钟还没校准，就马上校准（timedatectl set-ntp true）；可能有人提前交了卷，请老师看要不要再给一次机会"),
            at=_minute(at),
            to=_minute(to),
        )


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(COUNTY_TIME):%m-%d %H:%M}"


def address(settings: Settings) -> Finding:
    if settings.demo:
        return good("address", N_("这是演示，证书只在这里有效"))
    try:
        public_url(settings.public_url)
    except HomeError:
        return lost(
            "address",
            N_("public_url 写得不对：{url}"),
            N_("在 banyan.toml 里改成 https:// 加域名，后面没有路径"),
            url=settings.public_url,
        )
    if not settings.is_public:
        return due(
            "address",
            N_("还没有 https 网址，不发证书"),
            N_("配好 https，把网址写进 banyan.toml 的 public_url，重启服务；该发的证书会自动补发"),
        )
    return good("address", N_("网址是 {url}"), url=settings.public_url)


def presence(home: Home, settings: Settings) -> Finding:
    if not is_served(home):
        return due("presence", N_("榕学现在没有运行"), N_("运行 banyan serve，或 systemctl start banyan"))
    if not answers(home, settings):
        return lost(
            "presence",
            N_("榕学在运行，但网页打不开"),
            N_("刚启动就等一分钟再看；不是的话，看 {logs} 里的日志，再重启服务"),
            logs=home.logs,
        )
    return good("presence", N_("榕学在运行，网页能打开"))
