"""Which programme a desk's page is about: the one named in the address, else the first that is offered."""

from banyan.domain.certification import Programme
from banyan.errors import NotFoundError
from banyan.portal.i18n import N_
from banyan.portal.pages import Page


def chosen(page: Page, code: str) -> Programme:
    rulebook = page.house.rulebook
    programmes = rulebook.offered or rulebook.programmes
    if not programmes:
        raise NotFoundError(N_("还没有培训项目，请联系平台管理员"))
    return rulebook.programme(code) if code else programmes[0]


def choices(page: Page) -> list[tuple[str, str]]:
    """Return the programmes to choose from, [] where there is no choice; those in preparation have nothing to show."""
    programmes = page.house.rulebook.offered
    return [(each.code, page.language.text(each.title)) for each in programmes] if len(programmes) > 1 else []
