"""The words of a county's first days: above the coverage until the county is open, and after each of them what is next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from banyan.portal.i18n import N_
from banyan.portal.pages import SignedInPage
from banyan.tracker.opening import Task, opening


@dataclass(frozen=True)
class Step:
    """`label` is what the link says, `why` what it is good for; `state` is done, now or later."""

    label: str
    why: str
    path: str
    state: str = "later"


STEPS: Mapping[Task, Step] = {
    Task.ROSTER: Step(N_("导入名册"), N_("县里自己的那份表格就行，单位和人一起建好"), "/people/import"),
    Task.SETTINGS: Step(N_("填本县设置"), N_("镇值班、卫生院、疾控的电话，预警和报告顺序"), "/county"),
    Task.COURSE: Step(N_("把课发布出去"), N_("设置填好了，课才能给学员看"), "/publishing"),
    Task.TRAINER: Step(N_("交办培训老师"), N_("找到那个人，打开他的页面，交办职责；他批卷、办现场演练"), "/people"),
    Task.ASSIGNMENT: Step(N_("布置培训"), N_("选岗位、单位和日期，先看会布置给谁"), "/assignments/new"),
    Task.SLIPS: Step(N_("打印登录条"), N_("一人一张，发下去，大家扫码就能进来"), "/slips"),
}


def steps(session: Session, page: SignedInPage) -> list[Step]:
    """Return what is left and what is done; nothing once the county is open, or for who does not administer all of it."""
    return list(_steps(session, page))


def onward(session: Session, page: SignedInPage) -> Step | None:
    """Return what comes next, to be shown where a step was just done; nothing once the county is open."""
    return next((each for each in _steps(session, page) if each.state == "now"), None)


def _steps(session: Session, page: SignedInPage) -> Iterator[Step]:
    found = opening(session, page.me, page.house.workshop, page.today)
    for task, done in found.done.items() if found else ():
        step = STEPS[task]
        state = "done" if done else "now" if found and task is found.next else "later"
        yield Step(step.label, step.why, step.path, state)
