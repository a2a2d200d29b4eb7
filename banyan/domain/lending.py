"""A duty handed to somebody else for a time: no wider and no longer than one's own, for a reason, and never handed on."""

from dataclasses import dataclass
from datetime import date, timedelta

from banyan.domain.organisation import Term
from banyan.domain.permission import Charge, Duty
from banyan.errors import BadInputError

LONGEST = timedelta(days=365)
REASON = range(4, 201)  # characters


@dataclass(frozen=True)
class Loan:
    """For how long and why; both days count."""

    starts_on: date
    ends_on: date
    reason: str


def check_loan(own: Charge, term: Term, loan: Loan, today: date) -> None:
    """Raise BadInputError, saying why, where somebody may not hand this charge of theirs on like this."""
    if own.lent:
        raise BadInputError("这项职责是别人委托给您的，不能再委托给别人")
    if own.duty is Duty.PLATFORM:
        raise BadInputError("平台管理员在服务器上指定，不能委托")
    if not term.holds_on(today):
        raise BadInputError("这项职责今天不归您，请刷新页面看看")
    if loan.starts_on < today or loan.ends_on < loan.starts_on:
        raise BadInputError("日期不对：最后一天不能早于今天，也不能早于第一天")
    if loan.ends_on - loan.starts_on >= LONGEST:
        raise BadInputError("一次最多委托一年；到期还要的，到时再委托一次")
    if term.ends_on and loan.ends_on > term.ends_on:
        raise BadInputError("您自己的职责到{day}为止，委托不能比它更晚", day=term.ends_on.isoformat())
    if len(loan.reason) not in REASON:
        raise BadInputError("请写明为什么委托，4到200个字")
