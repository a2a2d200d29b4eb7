"""The audit log as the platform administrator reads it: whether the chain holds, and what was done last."""

from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action
from banyan.errors import TamperedError
from banyan.portal.desks.words import ACTS
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.audit import AuditRow, verify

routes = Routes()
routes.entry(N_("审计"), "/audit", Action.READ_AUDIT)

SHOWN = 50


@routes.get("/audit", needs=Action.READ_AUDIT)
def audit_log(page: MyPage, before: int = 0) -> Response:
    """`before` is a position: the page shows the rows that came before it, the latest first."""
    with page.reading() as session:
        count, fault = _verified(page, session)
        query = select(AuditRow).order_by(AuditRow.position.desc()).limit(SHOWN)
        rows = list(session.scalars(query.where(AuditRow.position < before) if before > 0 else query))
    older = rows[-1].position if rows and rows[-1].position > 1 else 0
    return page.show("desks/audit.html", count=count, fault=fault, rows=rows, older=older, latest=before <= 0, acts=ACTS)


def _verified(page: MyPage, session: Session) -> tuple[int, str]:
    try:
        return verify(session), ""
    except TamperedError as fault:
        return 0, page.say(fault.message, **fault.params)
