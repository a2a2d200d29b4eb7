"""A file that answers a question, as a reply."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi.responses import Response

from banyan.records import answer_store
from grading import documents, pictures

SHUT_IN = "sandbox; default-src 'none'"
"""What a browser may do that opens a document in spite of all: nothing."""


def reply(folder: Path, answer: Mapping[str, Any]) -> Response:
    """Return a photo, which a browser shows and nothing else, or a document, which it only puts by: never a page of ours."""
    content = answer_store.get(folder, str(answer["digest"]))
    if answer["media"] == pictures.MEDIA:
        return Response(content, media_type=pictures.MEDIA, headers={"content-disposition": 'inline; filename="photo.jpg"'})
    headers = {"content-disposition": 'attachment; filename="answer.pdf"', "content-security-policy": SHUT_IN}
    return Response(content, media_type=documents.MEDIA, headers=headers)
