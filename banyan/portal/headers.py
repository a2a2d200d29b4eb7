"""What every answer says to the browser: nothing from elsewhere, in nobody's frame, kept by nobody in between."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
UNLESS_SAID = ((b"cache-control", b"private, no-store"), (b"content-security-policy", POLICY.encode()))
SETTLED = frozenset(name for name, _ in ALWAYS)


class Headers:
    """Adds the headers; what sets its own `cache-control` keeps it, everything else is not stored.

    What sets a `content-security-policy` of its own, to be shut in more than a page is, keeps that too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [each for each in message["headers"] if each[0].lower() not in SETTLED]
                said = {name.lower() for name, _ in own}
                message["headers"] = [*own, *ALWAYS, *(each for each in UNLESS_SAID if each[0] not in said)]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
