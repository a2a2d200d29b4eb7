"""Which programmes there are: those that can be asked of people, and those in preparation with what they still lack."""

from dataclasses import dataclass

from fastapi.responses import Response

from banyan.domain.certification import Programme
from banyan.domain.framework import Text
from banyan.domain.permission import Action
from banyan.portal.desks.words import ROLES
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes

routes = Routes()


@dataclass(frozen=True)
class Line:
    """`lacks` are the titles of the courses nobody has published yet; none means that it can be assigned."""

    programme: Programme
    lacks: tuple[Text, ...]


@routes.get("/programmes", needs=Action.ASSIGN)
def programmes(page: MyPage) -> Response:
    rulebook = page.house.rulebook
    lines = [Line(each, tuple(map(rulebook.title_of, rulebook.unpublished(each)))) for each in rulebook.programmes]
    return page.show(
        "desks/programmes.html",
        offered=[each for each in lines if not each.lacks],
        to_come=sorted((each for each in lines if each.lacks), key=lambda each: each.programme.tier),
        roles=ROLES,
    )
