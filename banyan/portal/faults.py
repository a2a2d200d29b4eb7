"""When something goes wrong: one page in plain words that says what happened and what to do, or the same as JSON."""

import logging
from contextlib import suppress
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from banyan import errors
from banyan.errors import BanyanError
from banyan.portal.i18n import N_
from banyan.portal.identity import SignInNeededError
from banyan.portal.pages import Page, PasswordNeededError, SignedInPage
from banyan.portal.templating import PORTAL
from banyan.records.storing import BUSY, TAKEN, status_of

log = logging.getLogger("banyan.portal")

STATUS: dict[type[BanyanError], int] = {
    errors.NotFoundError: 404,
    errors.NotAllowedError: 403,
    errors.NotYetError: 409,
    errors.BadInputError: 422,
    errors.TooLateError: 410,
    errors.TamperedError: 422,
    errors.TryLaterError: 503,
}


@dataclass(frozen=True)
class Words:
    """A heading and, for faults that bring no sentence of their own, the sentence."""

    title: str
    sentence: str


FIRST = N_("刚才有人先做了，请返回上一页，刷新再看")
SAID = {
    401: Words(N_("请重新登录"), N_("您的登录已经到时，请重新登录后再做一次")),
    403: Words(N_("这里不能进"), N_("这个页面不对您开放；如果您觉得应该能进，请联系您所在镇街的管理员")),
    404: Words(N_("没有找到"), N_("网址可能写错了，也可能内容已经搬走")),
    405: Words(N_("不能这样打开"), N_("这个地址要从页面上的按钮进入，请回到首页再试")),
    409: Words(N_("现在还不行"), N_("还差一步，请按首页上的提示做")),
    410: Words(N_("时间已经过了"), N_("这件事已经截止")),
    422: Words(N_("填的内容有问题"), N_("有一项没有填对，什么也没有改动；请返回上一页检查后再提交")),
    500: Words(N_("出了点问题"), N_("这是我们的错，已经记下来了；请过一会儿再试，已经保存的内容不会丢")),
    507: Words(
        N_("服务器存不下了"),
        N_("您刚才做的没有保存：服务器的磁盘满了。请马上告诉您所在镇街的管理员；已经保存的内容不会丢"),
    ),
    503: Words(N_("请等一分钟再试"), N_("有一部分服务正在重启；已经保存的内容不会丢")),
}


def install(app: FastAPI) -> None:
    """Make every fault of this app speak."""
    app.add_exception_handler(BanyanError, _told)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(PasswordNeededError, _password)
    app.add_exception_handler(DBAPIError, _not_stored)
    app.add_exception_handler(OSError, _not_stored)
    app.add_exception_handler(Exception, _broken)


def wants_json(request: Request) -> bool:
    """Scripts of ours say so; a browser that opens a page does not."""
    return "application/json" in request.headers.get("accept", "")


def fault_page(request: Request, status: int, sentence: str = "") -> Response:
    """`sentence` is already in the page's language; without one the status speaks."""
    page = Page(request, request.app.state.house, getattr(request.state, "me", None), getattr(request.state, "session", ""))
    words = SAID.get(status, SAID[500])
    said = sentence or page.say(words.sentence)
    headers = {"retry-after": "30"} if status in (503, 507) else {}
    if wants_json(request):
        return JSONResponse({"error": status, "message": said}, status, headers)
    reply = page.show("fault.html", status, code=status, title=page.say(words.title), sentence=said)
    reply.headers.update(headers)
    return reply


def _told(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, BanyanError)
    status = next((code for kind, code in STATUS.items() if isinstance(fault, kind)), 500)
    if status == 500:
        log.error("%s %s: %s", request.method, request.url.path, fault)
        return fault_page(request, status)
    return fault_page(request, status, Page(request, request.app.state.house).say(fault.message, **fault.params))


def _refused(request: Request, fault: Exception) -> Response:
    """A body that could not be read at all is as badly filled in as one that does not fit: it will never be taken."""
    assert isinstance(fault, HTTPException)
    return fault_page(request, 422 if fault.status_code == 400 else fault.status_code)


def _misread(request: Request, fault: Exception) -> Response:
    log.info("%s %s: %s", request.method, request.url.path, fault)
    asked = getattr(request.state, "asked", None)
    with suppress(BanyanError):
        if isinstance(asked, SignedInPage):
            asked.come_in()  # whoever mistyped an address keeps their own way round
    return fault_page(request, 422)


def _sign_in(request: Request, _fault: Exception) -> Response:
    """A page goes to sign in and comes back; a fetch or a form is told, so that nothing it carries is lost."""
    browsing = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    if request.method == "GET" and browsing and not wants_json(request):
        reply: Response = request.app.state.door.to_sign_in(request)
        return reply
    return fault_page(request, 401)


def _password(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, PasswordNeededError)
    if wants_json(request):
        return fault_page(request, 403, Page(request, request.app.state.house).say("请先设好登录用的数字或密码"))
    return RedirectResponse(PORTAL + fault.path, 303)


def _not_stored(request: Request, fault: Exception) -> Response:
    """Nothing of it was kept; what the records could not do is told apart from what we did wrong."""
    status = status_of(fault)
    if status == 500:
        return _broken(request, fault)
    log.error("%s %s: %s", request.method, request.url.path, fault)
    if status != TAKEN:
        return fault_page(request, status)
    said = Page(request, request.app.state.house).say(FIRST)
    return fault_page(request, BUSY if wants_json(request) else TAKEN, said)  # a script sends again what is busy, never a 409


def _broken(request: Request, fault: Exception) -> Response:
    log.exception("%s %s", request.method, request.url.path, exc_info=fault)
    return fault_page(request, 500)
