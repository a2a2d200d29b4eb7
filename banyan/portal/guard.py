"""What stands before a route: who may come in, and who must first choose a password of their own."""

from collections.abc import Awaitable, Callable

from banyan.domain.permission import Action
from banyan.errors import NotAllowedError
from banyan.portal.navigation import Needs, may_somewhere
from banyan.portal.pages import MyPage, SignedInPage, TokenPage, require_password


def guard(needs: Needs, before_password: bool, by_token: bool = False) -> Callable[..., Awaitable[None]]:
    """Return the check a route depends on; it waits for nothing, so it needs no thread of its own."""

    async def browser(page: MyPage) -> None:
        check(page)

    async def program(page: TokenPage) -> None:
        check(page)

    def check(page: SignedInPage) -> None:
        if not before_password:
            require_password(page.me)
        if isinstance(needs, Action) and not may_somewhere(page.me, needs):
            raise NotAllowedError("这一页不对您开放；如果您觉得应该能进，请联系您所在镇街的管理员")

    return program if by_token else browser
