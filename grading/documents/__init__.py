"""A PDF somebody sent, made into one of ours: read in a process that is shut in, its pages put together anew.

What comes out holds what its pages show and nothing else: no author, no time, no place, nothing that acts, nothing that is
carried along. What would act or carries something is refused, so that nobody is surprised by what is missing.
"""

from dataclasses import dataclass
from typing import Any

from banyan.errors import InvalidAnswerError
from grading.reading import read

MEDIA = "application/pdf"
MAGIC = b"%PDF-"
MOST_PAGES = 30
WHY = {
    "kind": "这不是能用的 PDF，请重新存一份 PDF 再传",
    "locked": "这份 PDF 加了密码，打不开；请先去掉密码，或打印成一份新的 PDF 再传",
    "acts": "这份 PDF 里有会自己运行的东西，不能收；请打印成一份新的 PDF 再传",
    "carries": "这份 PDF 里夹带了别的文件，不能收；请打印成一份新的 PDF 再传",
    "long": "这份 PDF 的页数太多了，最多 {pages} 页，请只传要交的那几页",
    "broken": "这份 PDF 没有传完整，或者文件坏了，请再选一次",
}


@dataclass(frozen=True)
class Document:
    """PDF bytes and how many pages they hold."""

    content: bytes
    pages: int

    @property
    def about(self) -> dict[str, Any]:
        """Return what an answer says of it."""
        return {"media": MEDIA, "bytes": len(self.content), "pages": self.pages}


def is_document(sent: bytes) -> bool:
    """Say whether a file begins as a PDF does, whatever it is called."""
    return sent.startswith(MAGIC)


def rebuilt(sent: bytes) -> Document:
    """Return what a file's pages show, or raise InvalidAnswerError in words for whoever sent it."""
    if sent and not is_document(sent):
        raise InvalidAnswerError(WHY["kind"])
    told, content = read("grading.documents", sent)
    if "why" in told:
        raise InvalidAnswerError(WHY[told["why"]], pages=MOST_PAGES)
    return Document(content, told["pages"])
