"""What the verbs decide by: framework, programmes, courses as released, and the keys that sign and draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from banyan.certificates.issuer import Issuer
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.intakes import Intakes
from banyan.domain.certification import Programme
from banyan.domain.framework import Framework, Text
from banyan.domain.outline import STANDARD, Outline
from banyan.domain.retention import STANDARD as STANDARD_RETENTION
from banyan.domain.retention import Retention
from banyan.errors import NotFoundError, NotYetError


@dataclass(frozen=True, eq=False)
class Rulebook:
    """`attempt_key` draws exams (HMAC); the issuer signs receipts and certificates; `planned` titles courses to come.

    `intakes` says what hours count, `retention` how long data is kept.
    """

    framework: Framework
    programmes: tuple[Programme, ...]
    issuer: Issuer
    attempt_key: bytes
    catalogue: Catalogue
    outline: Outline = STANDARD
    intakes: Intakes = field(default_factory=Intakes)
    planned: Mapping[str, Text] = field(default_factory=dict)
    retention: Retention = STANDARD_RETENTION

    def title_of(self, course: str) -> Text:
        """Return what a course is called, published or planned; its own name where nobody has said."""
        if self.catalogue.has(course):
            return self.catalogue.newest(course).title
        return self.planned.get(course, {"zh": course})

    def is_open(self, programme: Programme) -> bool:
        """Say whether every course of a programme, and of those it builds on, has been published."""
        return not self.unpublished(programme)

    def unpublished(self, programme: Programme) -> tuple[str, ...]:
        """Return the courses that keep a programme in preparation."""
        return tuple(each for each in (*programme.foundation, *programme.courses) if not self.catalogue.has(each))

    @property
    def offered(self) -> tuple[Programme, ...]:
        """Return the programmes that can be asked of people; the others are in preparation."""
        return tuple(each for each in self.programmes if self.is_open(each))

    def programme_with(self, course: str) -> Programme | None:
        """Return the programme a course belongs to, of several one that is offered; None if it stands alone."""
        own = [each for each in self.programmes if course in each.courses]
        return next((each for each in own if self.is_open(each)), own[0] if own else None)

    def wants_two_markers(self, course: str) -> bool:
        """Say whether a programme with this course asks for two, whatever the exam says; those in preparation only count
        while none is offered.
        """
        own = [each for each in self.programmes if course in each.courses]
        return any(each.second_marker for each in [each for each in own if self.is_open(each)] or own)

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
