"""A photo that answers a question, as a reply."""

from fastapi.responses import Response

from grading.pictures import MEDIA


def photo(content: bytes) -> Response:
    """Return a picture that the browser shows and nothing else: a page of its own it never becomes."""
    return Response(content, media_type=MEDIA, headers={"content-disposition": 'inline; filename="photo.jpg"'})
