"""The ways to a lent kernel: its websocket and its plain existence, for the person it was lent to."""

from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from banyan.lessons.identity import Signed
from banyan.lessons.kernels import Lease
from banyan.words.language import TRADITIONAL

CONTENT = 3  # of a message's parts: header, parent, metadata, content, then what is binary


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

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """A simulation is part of the course: who reads 繁體 gets what a kernel says in 繁體."""
        if self.speech.code == TRADITIONAL and isinstance(message, bytes):
            channel, parts = deserialize_msg_from_ws_v1(message)
            parts[CONTENT] = self.speech.written(bytes(parts[CONTENT]).decode()).encode()
            message = serialize_msg_to_ws_v1(parts, channel)
        return super().write_message(message, binary)


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
