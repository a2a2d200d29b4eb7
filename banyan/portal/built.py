"""Built files: kept for a year under the address that carries their digest, asked for again under any other."""

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from grading.questions import script

DAILY = "/services/portal/daily"


class Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        reply = await super().get_response(path, scope)
        if path == script.NAME and reply.status_code == 200 and script.brought():
            reply = Response(script.joined(Path(str(self.directory)) / path), media_type="text/javascript")
        forever = b"v=" in scope.get("query_string", b"")
        reply.headers["cache-control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        if path == "offline.js":  # a worker reaches no further than where it lies, unless the server says so
            reply.headers["service-worker-allowed"] = DAILY
        return reply
