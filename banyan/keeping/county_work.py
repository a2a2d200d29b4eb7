"""How the county's work stands where it depends on the platform: papers that wait, people who cannot get in, what is not set."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from banyan.certificates.press import Press
from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.permission import Duty
from banyan.keeping.finding import Finding, due, good, lost
from banyan.records.competence import Certificate
from banyan.records.entry import Device, Slip
from banyan.records.erasure import Erasure
from banyan.records.examinations import Submission
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.county import gaps
from banyan.tracker.parity import last_check
from banyan.tracker.people import holds_on
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.withheld import count_withheld
from banyan.words.language import N_

SLOW, SWEPT = timedelta(minutes=10), timedelta(hours=1)
MOST_NAMED = 20  # people of one finding
NEEDED = ("duty_phone", "clinic_phone", "county_emergency", "county_cdc", "reporting_chain", "warning_table", "drill_clocks")


def queue(session: Session, now: datetime) -> Iterator[Finding]:
    waits = _count(session, Submission.state == State.SUBMITTED, Submission.submitted_at < now - SLOW)
    stuck = _count(session, Submission.state == State.FAILED_TO_GRADE)
    if waits:
        yield lost(
            "queue", N_("有 {waits} 份答卷等评分超过 10 分钟"), N_("看 logs/grader.log，重启服务；答卷都在，不会丢"), waits=waits
        )
    if stuck:
        yield due("queue", N_("有 {stuck} 份答卷没有评成"), N_("请老师在阅卷页看原因，改好后点“重新批改”"), stuck=stuck)
    if not waits and not stuck:
        yield good("queue", N_("没有积压的答卷"))


def parity(session: Session) -> Finding:
    """Say what the last comparison of our scores with nbgrader's own found."""
    last = last_check(session)
    if last is None:
        return good("parity", N_("还没有拿 nbgrader 自己的命令核过分数；有了答卷，每天会自动抽几份"))
    if last.detail["differing"]:
        return lost(
            "parity",
            N_("用 nbgrader 自己的命令重评，有 {count} 份答卷分数不一样：{which}"),
            N_("先不要用这些分数；运行 banyan grading parity 看是哪些题位，连同 logs/grader.log 交给开发者"),
            count=len(last.detail["differing"]),
            which="、".join(last.detail["differing"]),
        )
    count = len(last.detail["checked"])
    return good("parity", N_("最近抽了 {count} 份答卷用 nbgrader 自己的命令重评，分数都一样"), count=count)


def _count(session: Session, *wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Submission).where(*wanted)) or 0


def entry(session: Session, now: datetime) -> Iterator[Finding]:
    today = county_day(now)
    here = (or_(Person.left_on.is_(None), Person.left_on >= today), Person.id.in_(_appointed(now)))
    slips = select(Slip.person_id).where(Slip.used_at.is_(None), Slip.voided_at.is_(None), Slip.expires_at > now)
    devices = select(Device.person_id).where(Device.ended_at.is_(None), Device.pin_hash.is_not(None))
    shut_out = (Person.password_hash.is_(None), Person.id.not_in(slips), Person.id.not_in(devices))
    count = session.scalar(select(func.count()).select_from(Person).where(*here, *shut_out)) or 0
    if count:
        yield due("entry", N_("有 {count} 人进不来：没有密码，也没有能用的登录条"), N_("请管理员给他们发登录条"), count=count)
    else:
        yield good("entry", N_("在册的人都有办法登录"))
    looks = select(ChargeRow.id).join(Person).where(ChargeRow.duty == Duty.PLATFORM.value, holds_on(ChargeRow, today), here[0])
    if session.scalars(looks.limit(1)).first() is None:
        yield lost("platform", N_("没有平台管理员"), N_("在服务器上运行 banyan people duty 工号 platform，指定一个人"))


def erasures(session: Session, now: datetime) -> Finding:
    """Say whether files of somebody who was erased still lie here long after they should be gone."""
    late = select(func.count()).select_from(Erasure).where(Erasure.swept_at.is_(None), Erasure.erased_at < now - SWEPT)
    count = session.scalar(late) or 0
    if count:
        return lost(
            "erasures",
            N_("有 {count} 个删除了资料的人，文件过了一小时还没有删干净"),
            N_("看 logs/grader.log 里哪个文件删不掉，修好它；评分服务每十分钟再试一次"),
            count=count,
        )
    return good("erasures", N_("删除了资料的人，文件都删干净了"))


def _appointed(now: datetime) -> Select[int]:
    return select(Appointment.person_id).where(holds_on(Appointment, county_day(now)))


def settings(session: Session) -> Finding:
    empty = len(gaps(session, NEEDED))
    if empty:
        return due(
            "county",
            N_("本县设置还有 {empty} 处没有填"),
            N_("请县管理员在“本县设置”里填；要用到它们的课程填好才能发布"),
            empty=empty,
        )
    return good("county", N_("本县设置都填了"))


def certificates(session: Session, rulebook: Rulebook, now: datetime) -> Finding:
    count = count_withheld(session, rulebook, county_day(now))
    if not count:
        return good("certificates", N_("没有压着没发的证书"))
    if not rulebook.issuer.may_issue:
        return due(
            "certificates", N_("有 {count} 张证书等着 https 网址才能发"), N_("配好 https 网址，重启服务，会自动补发"), count=count
        )
    return due(
        "certificates", N_("有 {count} 张证书该发还没有发"), N_("评分服务启动后和每天会自动补发；一直不发就重启服务"), count=count
    )


def names(session: Session, press: Press, now: datetime) -> Finding:
    """Look whether every name on a certificate that holds can be printed."""
    holds = (Certificate.revoked_at.is_(None), Certificate.expires_on >= county_day(now))
    told = list(session.scalars(select(Certificate.payload["n"].as_string()).where(*holds).distinct()))
    lacking = press.lacking("".join(told))
    if not lacking:
        return good("names", N_("证书上的名字都印得出来"))
    whose = [each for each in told if set(each) & set(lacking)]
    return due(
        "names",
        N_("字体里没有 {signs}，这些人的证书印不出来：{names}"),
        N_("请告诉榕学的维护者要加哪个字；证书本身有效，查验页和电子凭证文件都写得出这个字"),
        signs="、".join(lacking),
        names="、".join(whose[:MOST_NAMED]),
    )
