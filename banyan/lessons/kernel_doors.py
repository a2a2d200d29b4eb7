"""The ways to a lent kernel: its websocket and its plain existence, for the person it was lent to."""

from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from banyan.lessons.identity import Signed
from banyan.lessons.kernels import Lease


class Lent(Signed):
    """Someone else's kernel does not exist."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        if not self._finished and self.lease is None:
            raise HTTPError(404)

    @property
    def lease(self) -> Lease | None:
        return self.kernels.lease_of(self.path_kwargs["kernel_id"], self.current_user.username)

    def send_to_password(self) -> None:
        raise HTTPError(403)


class KernelSocket(Lent, VoilaKernelWebsocketHandler):
    """Widgets talk through it; a page of another origin does not get in, nor what names none."""

    async def prepare(self, **kwargs: Any) -> None:
        if not self.request.headers.get("Origin"):
            raise HTTPError(403)
        await super().prepare(**kwargs)


class KernelState(Lent, KernelHandler):
    """Whether the kernel still lives; a page asks before it connects."""

    async def delete(self, kernel_id: str) -> None:
        """End it: what a page says when it closes."""
        await self.kernels.take_back(kernel_id)
        self.set_status(204)
        self.finish()


class KernelGivenBack(Signed, KernelHandler):
    """Where Voilà's own script says that its page closes; the page has mostly said so before, which is as well."""

    async def post(self, kernel_id: str) -> None:
        if self.kernels.lease_of(kernel_id, self.current_user.username):
            await self.kernels.take_back(kernel_id)
        self.set_status(204)
        self.finish()
