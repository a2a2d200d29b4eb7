"""What the verbs decide by: framework, programmes, courses as released, and the keys that sign and draw."""

from dataclasses import dataclass

from banyan.certificates.issuer import Issuer
from banyan.courseware.catalogue import Catalogue
from banyan.domain.certification import Programme
from banyan.domain.framework import Framework
from banyan.errors import NotFoundError


@dataclass(frozen=True)
class Rulebook:
    """`attempt_key` draws exams (HMAC); the issuer signs receipts and certificates."""

    framework: Framework
    programmes: tuple[Programme, ...]
    issuer: Issuer
    attempt_key: bytes
    catalogue: Catalogue

    def programme(self, code: str) -> Programme:
        for each in self.programmes:
            if each.code == code:
                return each
        raise NotFoundError("没有这个培训项目")
