"""Whether JupyterLab, where it is turned on for somebody, can be shut in on this machine: else it does not open."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.keeping.finding import Finding, due, good
from banyan.records.labs import LabGrant
from banyan.records.people import Person
from banyan.words.language import N_

TRY = (sys.executable, "-m", "grading.confinement", "--server")


def walls(session: Session, now: datetime) -> Iterator[Finding]:
    """Try the walls in a process of its own; nothing is said while nobody has JupyterLab."""
    here = or_(Person.left_on.is_(None), Person.left_on >= county_day(now))
    query = select(func.count()).select_from(LabGrant).join(Person, LabGrant.person_id == Person.id)
    count = session.scalar(query.where(LabGrant.taken_back_at.is_(None), here)) or 0
    if not count:
        return
    try:
        stand = subprocess.run(TRY, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        stand = False
    if stand:
        yield good("labs", N_("给 {count} 人打开了 JupyterLab，关得住"), count=count)
    else:
        yield due(
            "labs",
            N_("给 {count} 人打开了 JupyterLab，可是这个系统关不住它，所以打不开"),
            N_("按说明书“互动课的隔离墙”一节放行命名空间，再看一次；用不着的，请县管理员关掉"),
            count=count,
        )
