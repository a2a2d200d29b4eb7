"""The desk of requests to be erased: who asks, by when it is due, what stands in the way; refused for a reason, or granted
by whoever confirms with their own password."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.county import BY_KEY
from banyan.domain.erasure import Hindrance
from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError, NotAllowedError
from banyan.portal.confirmation import confirm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.erasure_elsewhere import Paper, told_elsewhere
from banyan.tracker.erasure_requests import MOST, MOST_WORDS, grant, readmit, record, refuse, request_for, requests_for
from banyan.tracker.people import places

routes = Routes()
routes.entry(N_("删除申请"), "/erasures", Action.ERASE)
FAULTS = (BadInputError, NotAllowedError)
HINDRANCES: Mapping[Hindrance, str] = {
    Hindrance.DUTY: N_("还担着职责：请先在他的页面上收回"),
    Hindrance.EXAM: N_("有一场考试没有交卷：请等它结束"),
    Hindrance.GRADING: N_("有答卷还没有最后的成绩：请等老师阅完"),
    Hindrance.TASK: N_("有交上的编程作业还没有评完：请等它评完，或者请老师给分"),
    Hindrance.APPEAL: N_("有一次复核还没有答复：请老师先答复"),
    Hindrance.CORRECTION: N_("有一次更正还没有算完：几分钟后再来"),
    Hindrance.PROPOSAL: N_("有一张证书等着批：请发证人先定下来"),
    Hindrance.DOUBT: N_("有一张证书要不要保留还没有定：请先在“阅卷情况”里定"),
}
PAPERS: Mapping[Paper, str] = {
    Paper.TEXT: N_("“{which}”的通知或总结"),
    Paper.CAPTION: N_("“{which}”照片下面的说明"),
    Paper.SETTING: N_("本县设置里的“{which}”"),
}
DONE = {
    "refused": N_("已经答复他不能删，他打开“我的资料”就能看到原因。"),
    "granted": N_("资料删掉了；照片和文件几分钟内也会删干净。"),
    "recorded": N_("记下了，请在期限内办。"),
    "readmitted": N_("可以了：下次导入名册，会把他当新人登记。"),
}


@routes.get("/erasures", needs=Action.ERASE)
def waiting(page: MyPage, done: str = "") -> Response:
    return _list(page, done=done)


@routes.post("/erasures", needs=Action.ERASE)
def write_down(page: MyPage, staff_number: Annotated[str, Form()] = "", words: Annotated[str, Form()] = "") -> Response:
    """Write down a request that came otherwise: by letter, by telephone, from who has left."""
    try:
        with page.writing() as session:
            row = record(session, staff_number, words, page.me, page.now)
    except BadInputError as fault:
        return _list(page, fault)
    return page.go(f"/erasures/{row.id}?done=recorded")


@routes.post("/readmissions", needs=Action.ERASE)
def let_back(page: MyPage, number: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            readmit(session, number, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _list(page, fault)
    return page.go("/erasures?done=readmitted")


@routes.get("/erasures/{request_id}", needs=Action.ERASE)
def one(page: MyPage, request_id: int, done: str = "") -> Response:
    return _show(page, request_id, done=done)


@routes.post("/erasures/{request_id}/refuse", needs=Action.ERASE)
def refuse_it(page: MyPage, request_id: int, reason: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            refuse(session, request_id, reason, page.me, page.now)
    except BadInputError as fault:
        return _show(page, request_id, fault, reason)
    return page.go("/erasures?done=refused")


@routes.post("/erasures/{request_id}/grant", needs=Action.ERASE)
def grant_it(page: MyPage, request_id: int, password: Annotated[str, Form()] = "") -> Response:
    """Erase for good, once the administrator has shown that it is them."""
    with page.reading() as session:
        request_for(session, request_id, page.me, page.now)  # to others it is not there, whatever they type
    try:
        confirm(page, password)
        with page.writing() as session:
            grant(session, request_id, page.me, page.house.rulebook, page.now)
    except FAULTS as fault:
        return _show(page, request_id, fault)
    return page.go("/erasures?done=granted")


def _list(page: MyPage, fault: BanyanError | None = None, done: str = "") -> Response:
    with page.reading() as session:
        lines = requests_for(session, page.me, page.now)
        where = places(session, [unit for line in lines for unit in line.units])
    said = page.say(fault.message, **fault.params) if fault else ""
    told = {"lines": lines, "where": where, "fault": said, "done": DONE.get(done, ""), "most": MOST_WORDS}
    return page.show("desks/erasures.html", 422 if fault else 200, **told)


def _show(page: MyPage, request_id: int, fault: BanyanError | None = None, reason: str = "", done: str = "") -> Response:
    with page.reading() as session:
        line = request_for(session, request_id, page.me, page.now)
        where = places(session, line.units)
        papers = [] if line.row.decided_at else told_elsewhere(session, line.row.person, page.me)
        _ = line.row.person.name
    said = page.say(fault.message, **fault.params) if fault else ""
    told = {"line": line, "where": where, "fault": said, "reason": reason, "most": MOST, "done": DONE.get(done, "")}
    return page.show(
        "desks/erasure.html", 422 if fault else 200, hindrances=HINDRANCES, papers=papers, sorts=PAPERS, settings=BY_KEY, **told
    )
