"""What stands before a route: who may come in, and who must first choose a password of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from banyan.domain.permission import Action
from banyan.errors import NotAllowedError
from banyan.portal.navigation import Needs, may_somewhere
from banyan.portal.pages import MyPage, SignedInPage, TokenPage, require_password


@dataclass(frozen=True)
class Guard:
    """Lets in whoever may do what a route is for."""

    needs: Needs
    before_password: bool = False

    def browser(self, page: MyPage) -> None:
        """What a form or a fetch that changes something depends on, so that nobody else's is read any further."""
        page.come_in()
        self.check(page)

    async def program(self, page: TokenPage) -> None:
        self.check(page)

    def before(self, handler: Callable[..., Any], long: bool) -> Callable[..., Any]:
        """Return the handler of a page that only shows something, with the check in its own thread: no other is waited for."""

        @wraps(handler)
        def guarded(page: SignedInPage, *args: Any, **asked: Any) -> Any:
            with page.in_one_state(briefly=not long):
                page.come_in()
                self.check(page)
                return handler(page, *args, **asked)

        return guarded

    def check(self, page: SignedInPage) -> None:
        if not self.before_password:
            require_password(page.me)
        if isinstance(self.needs, Action) and not may_somewhere(page.me, self.needs):
            raise NotAllowedError("这一页不对您开放；如果您觉得应该能进，请联系您所在镇街的管理员")
