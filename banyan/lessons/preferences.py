"""How the reader likes to read, chosen on a lesson's page: a form that needs no script, kept with the person."""

from typing import Any

from banyan.accounts import preferences
from banyan.accounts.hub_language import give
from banyan.lessons.api import Api
from banyan.words.choice import choices, local


class Preferences(Api):
    """Goes back to the page; whoever is no longer signed in keeps the choice in a cookie and signs in there."""

    async def post(self) -> None:
        await self.kept(lambda session: preferences.keep(session, self.learner.person_id, self.chosen))
        self.go_back()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.go_back()

    def go_back(self) -> None:
        give(self, self.chosen)
        self.set_status(303)
        self.set_header("Location", local(self.get_body_argument("back", "/")))
        self.finish()

    @property
    def chosen(self) -> dict[str, str]:
        return choices({name: self.get_body_argument(name, "") for name in ("lang", "size")})
