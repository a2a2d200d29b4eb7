"""One's own certificates: to look at, to show, to keep as a file or a picture."""

import json

from fastapi.responses import Response

from banyan.certificates.face import Face
from banyan.certificates.pdf import pdf
from banyan.certificates.picture import picture
from banyan.domain.permission import Action
from banyan.errors import NotFoundError
from banyan.portal.i18n import N_
from banyan.portal.learner.home import newest, worth
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.competence import Certificate
from banyan.tracker.awards import certificates_of
from banyan.tracker.county import seal_picture
from banyan.tracker.credentials import credential
from banyan.tracker.verification import face, find_certificate

CREDENTIAL = "application/vc"

routes = Routes()
routes.entry(N_("证书"), "/certificates", Action.LEARN)


@routes.get("/certificates", needs=Action.LEARN)
def certificates(page: MyPage) -> Response:
    with page.reading() as session:
        every = certificates_of(session, page.me.person.id)
    current = newest(every)
    older = [each for each in every if each not in current]
    return page.show("learner/certificates.html", held=[worth(c, page) for c in current], older=[worth(c, page) for c in older])


@routes.get("/certificates/{serial}", needs=Action.LEARN)
def certificate(page: MyPage, serial: str) -> Response:
    row = mine(page, serial)
    page.here = f"{PORTAL}/certificates"
    return page.show("learner/certificate.html", held=worth(row, page), row=row)


@routes.get("/certificates/{serial}/file.pdf", needs=Action.LEARN)
def as_pdf(page: MyPage, serial: str) -> Response:
    face = face_of(page, serial)
    with page.reading() as session:
        seal = seal_picture(session) or b""
    return _file(pdf(page.house.press(), face, seal), "application/pdf", f"attachment; filename={face.serial}.pdf")


@routes.get("/certificates/{serial}/credential.json", needs=Action.LEARN)
def as_credential(page: MyPage, serial: str) -> Response:
    row = mine(page, serial)
    with page.writing() as session:  # a certificate's file is given its place in the status list when first asked for
        made = credential(session, row, page.house.rulebook, page.now)
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return _file(text.encode(), CREDENTIAL, f"attachment; filename={row.serial}.json")


@routes.get("/certificates/{serial}/picture.png", needs=Action.LEARN)
def as_picture(page: MyPage, serial: str, save: bool = False) -> Response:
    face = face_of(page, serial)
    kept = f"attachment; filename={face.serial}.png" if save else "inline"
    return _file(picture(page.house.press(), face), "image/png", kept)


def mine(page: MyPage, serial: str) -> Certificate:
    """Return one's own certificate; anybody else's does not exist."""
    with page.reading() as session:
        row = find_certificate(session, serial)
    if row is None or row.person_id != page.me.person.id:
        raise NotFoundError("没有找到这张证书，请从证书页进入")
    return row


def face_of(page: MyPage, serial: str) -> Face:
    return face(mine(page, serial), page.house.rulebook)


def _file(content: bytes, kind: str, kept: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": kept})
