"""The doors of the hub: the sign-in page with its three ways, and the page a slip's QR code leads to.

On a phone that is remembered the page asks for six digits; else for number and password; whoever holds a slip may type
its digits. A slip is shown when its address is opened and used when its button is pressed, since chats open what they
are sent. Every sign-in takes the services' cookies of whoever was here before away.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from jupyterhub import orm
from jupyterhub.handlers.login import LoginHandler
from jupyterhub.user import User
from tornado.web import HTTPError

from banyan.accounts import device_cookie
from banyan.accounts.devices import pause
from banyan.accounts.hub_language import give, speech_of
from banyan.accounts.hub_refusal import Refusal
from banyan.accounts.refusal import Contact, NoEntryError, spoken
from banyan.domain.calendar import county_day
from banyan.domain.names import masked
from banyan.records.entry import Device
from banyan.records.storing import BUSY, FULL, OURS, TAKEN, status_of
from banyan.words.choice import choices
from banyan.words.language import N_

STALE = "页面放得太久了，请再登录一次"
AGAIN = "页面放得太久了，请再打开一次"
FORMS = ("password", "digits")


SAID = {
    FULL: N_("没有登录成：服务器的磁盘满了。请马上告诉您所在镇街的管理员；腾出空间以后再试"),
    BUSY: N_("没有登录成：服务正忙，请等一分钟再试"),
    TAKEN: N_("没有登录成：刚才有人先做了，请再登录一次"),
    OURS: N_("没有登录成：这是我们的错，已经记下来了。请过一会儿再试；还不行，请告诉您所在镇街的管理员"),
}


class Entrance(LoginHandler):
    """The hub's form and its safeguards; ours are the words."""

    stale = STALE
    ring: Contact | None = None  # whom the page offers to ring

    async def prepare(self) -> None:
        """Believe the outermost proxy: ours adds its own `http` behind the `https` of the one people reach."""
        forwarded = self.request.headers.get("X-Forwarded-Proto", "").split(",")
        if forwarded[0].strip() == "https":
            self.request.protocol = "https"  # so that every cookie set here is Secure
        await super().prepare()

    def check_xsrf_cookie(self) -> None:
        try:
            super().check_xsrf_cookie()
        except HTTPError as fault:
            self.log.warning("Stale sign-in form: %s", fault)
            raise Refusal(self, self.stale) from fault

    def render_template(self, name: str, **shown: Any) -> Any:
        """Say in words what went wrong with the machine or with us, where the hub would say its name in English."""
        if name == "error.html" and shown.get("status_code", 0) >= OURS:
            shown["message"] = speech_of(self.request).say(SAID[status_of(shown.get("exception"))])
        return super().render_template(name, **shown)

    async def login_user(self, data: dict[str, str] | None = None) -> Any:
        user = await super().login_user(data)
        for name in self.services:
            self.clear_cookie(f"service-{name}", path=f"/services/{name}/")
        return user

    def told(self, fault: NoEntryError) -> str:
        """Return what a refusal says; the page offers whom to ring."""
        self.set_status(403)
        self.ring = fault.ring
        return spoken(fault, speech_of(self.request))


class SignInPage(Entrance):
    faces: Sequence[Device] = ()  # the devices whose people come in here by six digits

    async def prepare(self) -> None:
        await self._remember()
        await super().prepare()

    async def post(self) -> None:
        try:
            await super().post()
        except NoEntryError as fault:
            await self._remember()  # ten wrong tries forget a device
            self.finish(await self._render(self.told(fault), self.get_argument("username", "")))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Take someone who signed in from another tab where they wanted to go, instead of blaming the stale form."""
        fault = kwargs.get("exc_info", (None, None))[1]
        if isinstance(fault, Refusal) and isinstance(self.current_user, User):
            self.set_status(303)
            self.set_header("Location", self.get_next_url(self.current_user))
        else:
            super().write_error(status_code, **kwargs)

    async def _remember(self) -> None:
        self.faces = await self.authenticator.faces(self.get_cookie(device_cookie.COOKIE))

    def _render(self, login_error: str | None = None, username: str | None = None, **more: Any) -> Any:
        way, face = self._way()
        wait = pause(face, datetime.now(UTC)) if face else 0
        shown = {
            "way": way,
            "face": face,
            "wait": wait,
            "faces": self.faces,
            "ring": self.ring,
            "link": self._link,
            "masked": masked,
        }
        return super()._render(login_error, username, **shown, **more)

    def _way(self) -> tuple[str, Device | None]:
        """Return which way in to show, and whose."""
        asked, who = self.get_argument("way", ""), self.get_argument("who", "")
        face = next((each for each in self.faces if str(each.id) == who), None)
        if face is None and len(self.faces) == 1 and asked not in FORMS:
            face = self.faces[0]
        if face:
            return "pin", face
        return (asked, None) if asked in FORMS else ("who" if self.faces else "password", None)

    def _link(self, **asked: Any) -> str:
        """Return this page's address with another way in, and the same page to go on to."""
        onward = self.get_argument("next", "")
        return "/hub/login?" + urlencode({**asked, **({"next": onward} if onward else {})})


class EnterPage(Entrance):
    """`/hub/enter?code=…`: GET shows whose slip it is, POST uses it."""

    stale = AGAIN

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Robots-Tag", "noindex")

    async def head(self) -> None:
        """Chats ask first; nothing is looked up for them."""

    async def get(self) -> None:
        asked = choices({name: self.get_query_argument(name, "") for name in ("lang", "size")})
        code = self.get_query_argument("code", "")
        if asked:
            give(self, asked)
            self.redirect("/hub/enter?" + urlencode({"code": code}))
            return
        try:
            slip = await self.authenticator.slip(code)
        except NoEntryError as fault:
            await self._refused(fault)
        else:
            until = speech_of(self.request).day(county_day(slip.expires_at))
            known = slip.person.entered_at is not None
            self.finish(await self._render(holder=masked(slip.person.name), until=until, known=known))

    async def post(self) -> None:
        try:
            await self.login_user({"way": "slip", "code": self.get_body_argument("code", "")})
        except NoEntryError as fault:
            await self._refused(fault)
        else:
            self.redirect("/", status=303)

    def set_login_cookie(self, user: User) -> None:
        """Begin a new session, and end all others this person has and the one this phone had."""
        self.clear_login_cookie()
        for token in self.db.query(orm.APIToken).filter(orm.APIToken.user_id == user.id, orm.APIToken.session_id.isnot(None)):
            self.db.delete(token)
        user.orm_user.cookie_id = orm.new_token()
        self.db.commit()
        self._session_id = uuid.uuid4().hex
        self.set_session_cookie()
        super().set_login_cookie(user)

    async def _refused(self, fault: NoEntryError) -> None:
        """Say why not; but whoever scans a slip they used on this very phone wants to sign in."""
        faces = await self.authenticator.faces(self.get_cookie(device_cookie.COOKIE))
        own = next((each for each in faces if each.person_id == fault.whose), None)
        if own:
            self.redirect("/hub/login?" + urlencode({"who": own.id}))
            return
        self.finish(await self._render(self.told(fault)))

    def _render(self, login_error: str | None = None, _username: str | None = None, **more: Any) -> Any:
        code = self.get_argument("code", "")
        county, xsrf = self.authenticator.county, self.xsrf_token.decode("ascii")
        shown = {"login_error": login_error, "ring": self.ring, "code": code, "county": county, "xsrf": xsrf}
        return self.render_template("enter.html", **{"holder": "", "until": "", "known": False, **shown, **more})
