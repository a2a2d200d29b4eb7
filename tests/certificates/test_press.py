"""On paper and on a phone: every character is there, a screen reader reads it, the same certificate gives the same bytes."""

import dataclasses
import re
import struct
import zlib
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageOps

from banyan.certificates import qr, qr_picture
from banyan.certificates.face import Ability, Face, face_of
from banyan.certificates.issuer import Issuer
from banyan.certificates.pdf import bound, pdf
from banyan.certificates.picture import MOST, picture
from banyan.certificates.press import Press
from banyan.certificates.statement import Statement
from banyan.domain.framework import Framework
from banyan.errors import BadInputError, HomeError
from tests.domain.test_picture import png

ABILITY = Ability(
    {"zh": "突发事件信息报告", "en": "Emergency reporting"}, {"zh": "能处理复杂情形", "en": "handles complex cases"}
)


@pytest.fixture(scope="module")
def face(issuer: Issuer, statement: Statement) -> Face:
    address = qr.url(issuer.public_url, statement, issuer.sign(statement.payload()))
    drawn = face_of(statement, address, Framework("t", date(2026, 1, 1), ()), None)
    return dataclasses.replace(drawn, abilities=(ABILITY,) * 3)


def streams(document: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return found


def characters(document: bytes) -> set[str]:
    """Return every character that a PDF's fonts hold a shape for, by their maps back to Unicode."""
    maps = [each for each in streams(document) if b"begincmap" in each]
    codes = {code for each in maps for code in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]+)>", each)}
    return set("".join(bytes.fromhex(code.decode()).decode("utf-16-be", "replace") for code in codes))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("林小英", id="usual"),
        pytest.param("𠮷田", id="a character outside the basic plane"),
        pytest.param("𠮟𡌛𣗄𥔎", id="some of extension B"),
        pytest.param("欧阳娜娜", id="four characters"),
        pytest.param("阿卜杜拉·买买提吐尔逊·艾力江", id="long"),
        pytest.param("Alexandra O'Brien-Whitfield", id="English"),
        pytest.param('#set text(red) "$x$" \\ *b* <l> @r', id="signs that mean something to typst"),
    ],
)
def test_every_character_of_a_name_is_printed(press: Press, face: Face, name: str) -> None:
    document = pdf(press, dataclasses.replace(face, name=name))
    assert set(name) - {" "} <= characters(document)


def test_a_screen_reader_can_read_it(press: Press, face: Face) -> None:
    document = pdf(press, face)
    metadata = next(each for each in re.findall(rb"<x:xmpmeta.*?</x:xmpmeta>", document, re.DOTALL))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert face.heading.encode() in metadata
    assert b"/Lang(zh-CN)" in document
    assert b"/MarkInfo" in document


def test_it_is_one_page_however_much_was_shown(press: Press, face: Face) -> None:
    full = dataclasses.replace(face, abilities=(ABILITY,) * 20)
    assert b"/Type/Pages/Count 1/" in pdf(press, full)


def test_many_are_bound_into_one_document_with_a_heading_each(press: Press, face: Face) -> None:
    faces = [dataclasses.replace(face, name=name) for name in ("林小英", "𠮷田", "欧阳娜娜")]
    document = bound(press, faces, "证书")
    assert b"/Type/Pages/Count 3/" in document
    assert b"<pdfuaid:part>1</pdfuaid:part>" in document
    assert set("林小英𠮷田欧阳娜") <= characters(document)
    assert document.count(b"/S/H1") == 3


def test_its_structure_has_a_heading_paragraphs_and_a_name_for_every_picture(press: Press, face: Face) -> None:
    document = pdf(press, face, png(60, 60))
    kinds = re.findall(rb"/S/(\w+)", document)
    assert kinds.count(b"H1") == 1
    assert kinds.count(b"P") > 5
    assert kinds.count(b"Figure") == len(re.findall(rb"/Alt", document)) == 3  # tree, code, seal
    assert b"/StructTreeRoot" in document


def test_the_code_has_a_pixel_a_module_left_square_and_says_the_address(press: Press, face: Face) -> None:
    found = re.search(rb"/Subtype/Image([^>]*)/Width (\d+)/Height (\d+)([^>]*?)>>\s*stream\r?\n", pdf(press, face))
    assert found
    side = len(qr_picture.modules(face.address))
    assert (int(found[2]), int(found[3])) == (side, side)
    assert b"/Interpolate true" not in found[1] + found[4]
    pixels = zlib.decompressobj().decompress(found.string[found.end() :])
    drawn = Image.frombytes("L", (side, side), pixels)
    shown = ImageOps.expand(drawn.resize((3 * side, 3 * side), Image.Resampling.NEAREST), 12, 255)
    assert [each.text for each in zxingcpp.read_barcodes(shown)] == [face.address]


def test_a_seal_is_printed_in_its_place_and_the_word_for_the_place_is_gone(press: Press, face: Face) -> None:
    sealed, bare = pdf(press, face, png(600, 600)), pdf(press, face)
    assert b"/Subtype/Image" in sealed
    assert b"/Width 600/Height 600" in sealed
    assert "盖" in characters(bare)
    assert "盖" not in characters(sealed)


def test_a_demo_says_so_on_its_face(press: Press, face: Face) -> None:
    real = dataclasses.replace(face, demo=False, issuer="榕溪县")
    assert set("演示没效力") <= characters(pdf(press, face))
    assert not set("演示") & characters(pdf(press, real))


def test_printing_again_changes_nothing(press: Press, face: Face) -> None:
    between = dataclasses.replace(face, name="另一人")
    first = (pdf(press, face), picture(press, face))
    pdf(press, between)
    assert (pdf(press, face), picture(press, face)) == first


@pytest.mark.parametrize("abilities", [3, 6, 12])
def test_the_picture_fits_a_phone_and_a_slow_line(press: Press, face: Face, abilities: int) -> None:
    made = picture(press, dataclasses.replace(face, abilities=(ABILITY,) * abilities))
    width, height = struct.unpack(">II", made[16:24])
    assert made.startswith(b"\x89PNG")
    assert len(made) <= MOST
    assert 540 <= width < height


def test_what_the_fonts_lack_is_found_before_anything_is_printed(press: Press) -> None:
    assert press.lacking("林小英𠮷田") == ""
    assert set(press.lacking("林𪚥小𪚥英\U0002a6d6")) == {"𪚥", "\U0002a6d6"}


@pytest.mark.parametrize("make", [pdf, picture], ids=["paper", "phone"])
def test_a_character_without_a_shape_is_named_and_never_printed_as_a_box(press: Press, face: Face, make: object) -> None:
    with pytest.raises(BadInputError, match="“𪚥”"):
        make(press, dataclasses.replace(face, name="林𪚥"))  # type: ignore[operator]


def test_a_press_without_its_fonts_says_which_is_lost(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="NotoSansSC_400Regular"):
        Press(Path(__file__).parents[2] / "content" / "certificate", tmp_path)
