"""What the verbs decide by: framework, programmes, courses as released, and the keys that sign and draw."""

from dataclasses import dataclass, field

from banyan.certificates.issuer import Issuer
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.intakes import Intakes
from banyan.domain.certification import Programme
from banyan.domain.framework import Framework
from banyan.domain.outline import STANDARD, Outline
from banyan.errors import NotFoundError, NotYetError


@dataclass(frozen=True)
class Rulebook:
    """`attempt_key` draws exams (HMAC); the issuer signs receipts and certificates; `intakes` says what hours count."""

    framework: Framework
    programmes: tuple[Programme, ...]
    issuer: Issuer
    attempt_key: bytes
    catalogue: Catalogue
    outline: Outline = STANDARD
    intakes: Intakes = field(default_factory=Intakes)

    def is_open(self, programme: Programme) -> bool:
        """Say whether every course of a programme has been published."""
        return all(self.catalogue.has(course) for course in programme.courses)

    def open_programme(self, code: str) -> Programme:
        """Return a programme that can be asked of people, or raise NotYetError while a course of it is unpublished."""
        programme = self.programme(code)
        if not self.is_open(programme):
            raise NotYetError("“{title}”的课程还没有发布，不能布置；请县管理员先在“课程发布”里发布", title=programme.title["zh"])
        return programme

    def programme(self, code: str) -> Programme:
        for each in self.programmes:
            if each.code == code:
                return each
        raise NotFoundError("没有这个培训项目")
