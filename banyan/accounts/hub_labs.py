"""The hub's doors to JupyterLab: they open for whom the records say, as the records say it at that moment.

What the hub itself goes by is a role. It is given and taken at these doors, so that it follows the records while people
are signed in; a hub that starts anew begins with nobody in it.
"""

from typing import Any

from jupyterhub import orm, roles
from jupyterhub.apihandlers.users import UserServerAPIHandler
from jupyterhub.handlers.base import BaseHandler, UserUrlHandler
from jupyterhub.handlers.pages import HomeHandler, SpawnHandler, SpawnPendingHandler
from jupyterhub.user import User
from tornado.web import authenticated

from banyan.accounts.hub_refusal import Refusal
from banyan.accounts.labs import Lab

ROLE = "lab"
CLOSED = "这里不对学员开放；您的课程、考试和证书都在首页。"
OFF = "您的 JupyterLab 没有打开。要用，请您的管理员在您的人员页面上打开。"


class Closed(BaseHandler):
    """A stock page or API for those alone who hold `scope` over themselves; learners hold none of them."""

    scope = ""
    closed = CLOSED

    async def prepare(self) -> None:
        await super().prepare()
        self._refuse_others()

    def check_xsrf_cookie(self) -> None:
        if hasattr(self, "_jupyterhub_user"):
            self._refuse_others()  # before the form's age is judged: the reason to give is this one
        super().check_xsrf_cookie()

    def _refuse_others(self) -> None:
        person = self.current_user
        if isinstance(person, User) and not self.has_scope(f"{self.scope}!user={person.name}"):
            raise Refusal(self, self.closed)


class LabDoor(Closed):
    scope = "servers"
    lab: Lab | None = None

    async def get_current_user(self) -> Any:
        """Return who it is once the hub knows what the records say of them."""
        known = hasattr(self, "_jupyterhub_user")
        person = await super().get_current_user()
        if isinstance(person, User) and not known:
            self.lab, trusted = await self.authenticator.lab_and_trust(person.name)
            self.closed = OFF if trusted else CLOSED
            self._keep_role(person)
        return person

    def _keep_role(self, person: User) -> None:
        role, holder = orm.Role.find(self.db, ROLE), person.orm_user
        if self.lab and role not in holder.roles:
            roles.grant_role(self.db, holder, role)
        elif not self.lab and role in holder.roles:
            roles.strip_role(self.db, holder, role)


class LabSpawn(LabDoor, SpawnHandler):
    async def prepare(self) -> None:
        """End a server that shows an older copy of a gradebook than the one that was just made."""
        await super().prepare()
        person = self.current_user
        if isinstance(person, User) and self.lab and person.spawner.ready and person.spawner.is_outdated(self.lab):
            await self.stop_single_user(person)


class LabStarts(LabDoor, SpawnPendingHandler):
    pass


class LabAddress(LabDoor, UserUrlHandler):
    pass


class LabServers(LabDoor, UserServerAPIHandler):
    pass


class LabHome(LabDoor, HomeHandler):
    """Where JupyterLab's own menu leads back to."""

    @authenticated
    def get(self) -> None:
        self.redirect("/services/portal/lab")


DOORS = [
    (r"/home", LabHome),
    (r"/spawn", LabSpawn),
    (r"/spawn/([^/]+)", LabSpawn),
    (r"/spawn/([^/]+)/([^/]+)", LabSpawn),
    (r"/spawn-pending/([^/]+)", LabStarts),
    (r"/spawn-pending/([^/]+)/([^/]+)", LabStarts),
    (r"/user/(?P<user_name>[^/]+)(?P<user_path>/.*)?", LabAddress),
    (r"/api/users/([^/]+)/server", LabServers),
    (r"/api/users/([^/]+)/servers/([^/]*)", LabServers),
]
