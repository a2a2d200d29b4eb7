"""The pocket card: whom to call where one works, to be printed or kept as a picture, which is the way to have it offline."""

from fastapi.responses import Response

from banyan.certificates.card import Card, Holder, card_of, pdf, picture
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.county import settings_of
from banyan.tracker.people import places

routes = Routes()

COLOURS = {"blue": N_("蓝色"), "yellow": N_("黄色"), "orange": N_("橙色"), "red": N_("红色")}
ELEMENTS = (
    (N_("何时"), N_("几点几分发生、几点发现")),
    (N_("何地"), N_("哪个村、哪一组、什么标志旁边")),
    (N_("何事"), N_("看见什么说什么，不猜原因")),
    (N_("伤亡"), N_("几个人；不清楚就说“待核”")),
    (N_("已做什么"), N_("喊人、转移、拦路、叫了谁")),
    (N_("回拨电话"), N_("报自己的号码，请对方复述")),
)
"""As they stand on the printed card (banyan.certificates.card), for pages in other languages."""


@routes.get("/pocket-card", needs=Action.LEARN)
def pocket_card(page: MyPage) -> Response:
    page.here = f"{PORTAL}/learning"
    return page.show("learner/pocket_card.html", card=_card(page), elements=ELEMENTS, colours=COLOURS)


@routes.get("/pocket-card/picture.png", needs=Action.LEARN)
def as_picture(page: MyPage, save: bool = False) -> Response:
    kept = "attachment; filename=pocket-card.png" if save else "inline"
    return Response(picture(page.house.press(), _card(page)), media_type="image/png", headers={"content-disposition": kept})


@routes.get("/pocket-card/card.pdf", needs=Action.LEARN)
def as_pdf(page: MyPage) -> Response:
    headers = {"content-disposition": "attachment; filename=pocket-card.pdf"}
    return Response(pdf(page.house.press(), _card(page)), media_type="application/pdf", headers=headers)


def _card(page: MyPage) -> Card:
    with page.reading() as session:
        place = settings_of(session).for_units(unit.path for unit in page.me.units)
        named = places(session, page.me.units, below=UnitLevel.COUNTY)
    town = next((names[0] for unit in page.me.units if (names := named[unit.id])), "")
    holder = Holder(town or page.house.county, page.house.county, page.house.demo)
    return card_of(place, holder, page.today)
