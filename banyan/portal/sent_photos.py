"""Photos and documents as they were sent with a form, made anew and on disk before anybody speaks of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from banyan.errors import BadInputError
from banyan.portal.answer_file import reply
from banyan.records.pieces import Piece
from banyan.tracker.answer_files import Kept, keep
from banyan.tracker.pieces import MOST_FILES, file_of
from grading.documents import is_document, rebuilt
from grading.pictures import redrawn


async def _sent(request: Request) -> tuple[bytes, ...]:
    """Files without content are inputs left empty."""
    files = [each for each in (await request.form()).getlist("photos") if isinstance(each, UploadFile)]
    return tuple([content for each in files[: MOST_FILES + 1] if (content := await each.read())])


SentPhotos = Annotated[Sequence[bytes], Depends(_sent)]


def kept(folder: Path, sent: Sequence[bytes]) -> tuple[Kept, ...]:
    """Return the photos of a form as they are kept; InvalidAnswerError in words for what is neither."""
    if len(sent) > MOST_FILES:
        raise BadInputError("一份最多{most}个文件", most=MOST_FILES)
    made = (rebuilt(content) if is_document(content) else redrawn(content) for content in sent)
    return tuple({each.digest: each for each in (keep(folder, one) for one in made)}.values())


def show(row: Piece, position: int, folder: Path) -> Response:
    """Return a file of a piece: a photo to be looked at, a document to be put by."""
    digest, media = file_of(row, position, folder)
    return reply(folder, {"digest": digest, "media": media})
