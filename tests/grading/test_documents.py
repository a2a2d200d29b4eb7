"""A PDF somebody sent: what its pages show is kept, and nothing else; what would act or carries something is refused in words."""

import os
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from banyan.errors import InvalidAnswerError
from grading import reading
from grading.documents import MOST_PAGES, rebuilt
from grading.documents.images import bare_jpeg, bare_jpx
from tests.grading.test_pictures import FRAMES, MOVING, SECRET, camera, saved

N = NameObject
SPOKEN = SECRET.partition(b"-")[0]
"""What is to be seen of it in a document, where a hyphen may be written as a number."""


def written(writer):
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def page(words="YIWU", pages=1):
    """A document as an office program makes it: its pages say something, and it says who wrote it."""
    writer = PdfWriter()
    for _ in range(pages):
        shown = writer.add_blank_page(200, 300)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 20 Tf 20 200 Td ({words}) Tj ET".encode())
        font = DictionaryObject({N("/Type"): N("/Font"), N("/Subtype"): N("/Type1"), N("/BaseFont"): N("/Helvetica")})
        shown[N("/Contents")] = writer._add_object(content)
        shown[N("/Resources")] = DictionaryObject({N("/Font"): DictionaryObject({N("/F1"): font})})
    return writer


def scan(picture, wrapped=False):
    """A document as a phone's scanner makes it: a photo on a page, as the camera wrote it."""
    writer = PdfWriter()
    shown = writer.add_blank_page(200, 100)
    image = DecodedStreamObject()
    image.set_data(picture)
    image.update({N("/Type"): N("/XObject"), N("/Subtype"): N("/Image"), N("/Width"): NumberObject(200)})
    image.update({N("/Height"): NumberObject(100), N("/BitsPerComponent"): NumberObject(8), N("/ColorSpace"): N("/DeviceRGB")})
    image[N("/Filter")] = N("/DCTDecode")
    if wrapped:
        del image["/Filter"]
        image = image.flate_encode()
        image[N("/Filter")] = ArrayObject([N("/FlateDecode"), N("/DCTDecode")])
    content = DecodedStreamObject()
    content.set_data(b"200 0 0 100 0 0 cm /Im0 Do")
    shown[N("/Contents")] = writer._add_object(content)
    shown[N("/Resources")] = DictionaryObject({N("/XObject"): DictionaryObject({N("/Im0"): writer._add_object(image)})})
    return writer


def told(writer):
    """Let a document tell everything that documents tell."""
    writer.add_metadata({"/Author": SECRET.decode(), "/CreationDate": "D:20261101"})
    xmp = DecodedStreamObject()
    xmp.set_data(b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    xmp.update({N("/Type"): N("/Metadata"), N("/Subtype"): N("/XML")})
    for place in (writer.root_object, writer.pages[0]):
        place[N("/Metadata")] = writer._add_object(xmp)
        place[N("/PieceInfo")] = DictionaryObject({N("/Maker"): TextStringObject(SECRET.decode())})
    writer.add_outline_item(title=SECRET.decode(), page_number=0)
    return writer


def test_what_pages_say_is_kept_and_who_wrote_it_is_not():
    sent = written(told(page(pages=2)))
    assert sent.count(SPOKEN) >= 4
    made = rebuilt(sent)
    again = PdfReader(BytesIO(made.content))
    assert (made.pages, [each.extract_text() for each in again.pages]) == (2, ["YIWU", "YIWU"])
    assert SPOKEN not in made.content
    assert (again.metadata, again.xmp_metadata, again.outline) == (None, None, [])
    assert made.content.startswith(b"%PDF-")
    assert rebuilt(sent) == made, "sent again it is the same"


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_photo_in_it_loses_its_place_and_keeps_its_pixels(wrapped):
    sent = written(scan(camera(), wrapped))
    image = PdfReader(BytesIO(rebuilt(sent).content)).pages[0]["/Resources"]["/XObject"]["/Im0"]
    kept = zlib.decompress(image._data) if wrapped else image._data
    assert SECRET in camera()
    assert (SECRET in kept, SECRET in rebuilt(sent).content) == (False, False)
    assert dict(Image.open(BytesIO(kept)).getexif()) == {}
    assert Image.open(BytesIO(kept)).tobytes() == Image.open(BytesIO(camera())).tobytes()


def test_earlier_versions_of_it_are_gone():
    sent = written(page("SECRET-FIRST"))
    later = PdfWriter(BytesIO(sent), incremental=True)
    later.pages[0][N("/Contents")] = later._add_object(DecodedStreamObject())
    both = written(later)
    assert both.startswith(sent)
    assert b"SECRET-FIRST" not in rebuilt(both).content


def box(*corners):
    return ArrayObject(map(NumberObject, corners))


def test_what_was_written_on_it_stays_and_no_longer_links_anywhere():
    writer = page()
    writer.add_annotation(0, FreeText(text="SECRET-NOTE", rect=(20, 20, 120, 60)))
    writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url="https://example.com/SECRET-LINK"))
    drawn = DecodedStreamObject()
    drawn.set_data(b"0 0 10 10 re f")
    drawn.update({N("/Type"): N("/XObject"), N("/Subtype"): N("/Form"), N("/BBox"): box(0, 0, 10, 10)})
    ink = DictionaryObject({N("/Type"): N("/Annot"), N("/Subtype"): N("/Ink"), N("/T"): TextStringObject(SECRET.decode())})
    ink[N("/Rect")] = box(5, 5, 15, 15)
    ink[N("/AP")] = DictionaryObject({N("/N"): writer._add_object(drawn)})
    writer.pages[0]["/Annots"].append(writer._add_object(ink))
    made = rebuilt(written(writer)).content
    (note,) = (each.get_object() for each in PdfReader(BytesIO(made)).pages[0]["/Annots"])
    assert (note["/Subtype"], note["/AP"]["/N"].get_data()) == ("/Stamp", b"0 0 10 10 re f")
    assert SPOKEN not in made


def scripted():
    writer = page()
    deed = DictionaryObject({N("/S"): N("/JavaScript"), N("/JS"): TextStringObject("app.alert(1)")})
    tree = DictionaryObject({N("/Names"): ArrayObject([TextStringObject("a"), deed])})
    writer.root_object[N("/Names")] = DictionaryObject({N("/JavaScript"): tree})
    return writer


def pointed(value):
    """Say that a value stands elsewhere in the document."""
    return lambda writer: writer._add_object(value)


def acting(**action):
    writer = page()
    deed = DictionaryObject({N(f"/{name}"): value(writer) if callable(value) else value for name, value in action.items()})
    writer.root_object[N("/OpenAction")] = writer._add_object(deed)
    return writer


def touched():
    writer = page()
    deed = DictionaryObject({N("/S"): N("/JavaScript"), N("/JS"): TextStringObject("1")})
    button = DictionaryObject({N("/Type"): N("/Annot"), N("/Subtype"): N("/Widget"), N("/AA"): DictionaryObject({N("/E"): deed})})
    writer.pages[0][N("/Annots")] = ArrayObject([writer._add_object(button)])
    return writer


def form():
    writer = page()
    writer.root_object[N("/AcroForm")] = DictionaryObject({N("/XFA"): TextStringObject("<xdp/>")})
    return writer


def carrying():
    writer = page()
    writer.add_attachment("a.exe", b"MZ")
    return writer


def pinned():
    writer = page()
    pin = DictionaryObject({N("/Type"): N("/Annot"), N("/Subtype"): N("/FileAttachment")})
    writer.pages[0][N("/Annots")] = ArrayObject([writer._add_object(pin)])
    return writer


def locked():
    writer = page()
    writer.encrypt("1234", algorithm="RC4-128")
    return writer


def disguised(sent):
    """Write a name another way, as a reader understands it and a search does not."""
    return sent.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(written(scripted()), "自己运行", id="JavaScript"),
        pytest.param(disguised(written(scripted())), "自己运行", id="JavaScript, its name disguised"),
        pytest.param(written(acting(S=N("/Launch"), F=TextStringObject("cmd.exe"))), "自己运行", id="starts a program"),
        pytest.param(written(acting(S=pointed(N("/Launch")))), "自己运行", id="starts a program, its name elsewhere"),
        pytest.param(written(acting(S=N("/SubmitForm"))), "自己运行", id="sends a form"),
        pytest.param(written(acting(S=N("/GoToR"))), "自己运行", id="opens another file"),
        pytest.param(written(touched()), "自己运行", id="acts when touched"),
        pytest.param(written(form()), "自己运行", id="a form that is a program"),
        pytest.param(written(carrying()), "夹带", id="a file inside"),
        pytest.param(written(pinned()), "夹带", id="a file pinned to a page"),
        pytest.param(written(locked()), "加了密码", id="locked"),
        pytest.param(written(page(pages=MOST_PAGES + 1)), f"最多 {MOST_PAGES} 页", id="too many pages"),
        pytest.param(written(PdfWriter()), "没有传完整", id="no page"),
        pytest.param(b"%PDF-1.7\n" + os.urandom(5000), "没有传完整", id="noise that begins like a PDF"),
        pytest.param(camera(), "不是能用的 PDF", id="a photo"),
        pytest.param(b"MZ" + written(page()), "不是能用的 PDF", id="a program with a PDF behind it"),
        pytest.param(b"", "文件是空的", id="nothing"),
        pytest.param(b"%PDF-" + bytes(10 * 1024 * 1024), "最大 10 MB", id="more than 10 MB"),
    ],
)
def test_what_would_act_carries_something_or_is_none_is_refused_in_words(sent, said):
    with pytest.raises(InvalidAnswerError) as refused:
        rebuilt(sent)
    assert said in str(refused.value)


def test_one_that_goes_to_its_own_page_when_opened_is_taken():
    writer = page()
    writer.open_destination = "/Fit"
    writer.root_object[N("/OpenAction")] = ArrayObject([writer.pages[0].indirect_reference, N("/Fit")])
    made = rebuilt(written(writer)).content
    assert (b"OpenAction" in made, PdfReader(BytesIO(made)).pages[0].extract_text()) == (False, "YIWU")


def nested(times):
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * times + b"]" * times + b"\nendobj\ntrailer\n<</Root 1 0 R>>"


def test_what_leads_nowhere_or_deeper_without_end_is_a_broken_file_and_no_fault_of_ours():
    with pytest.raises(InvalidAnswerError, match="没有传完整"):
        rebuilt(nested(50_000))


def test_a_page_that_leads_back_to_itself_ends():
    writer = page()
    writer.pages[0]["/Resources"][N("/XObject")] = DictionaryObject({N("/Self"): writer.pages[0].indirect_reference})
    assert rebuilt(written(writer)).pages == 1


def test_a_picture_keeps_what_shows_and_only_the_first_of_two():
    for sent in (camera(), saved(FRAMES[0], "MPO", **MOVING)):
        bare = bare_jpeg(sent)
        assert Image.open(BytesIO(bare)).tobytes() == Image.open(BytesIO(sent)).tobytes()
        assert Image.open(BytesIO(bare)).format == "JPEG"
        assert (SECRET in bare, bare.count(b"\xff\xd8\xff")) == (False, 1)
    boxes = b"".join(len(body + kind).to_bytes(4, "big")[:3] + bytes((len(body) + 8,)) + kind + body for kind, body in BOXES)
    assert bare_jpx(boxes) == boxes.replace(boxes[boxes.index(b"uuid") - 4 : boxes.index(b"jp2c") - 4], b"")


BOXES = ((b"jP  ", b"\r\n\x87\n"), (b"uuid", SECRET), (b"jp2c", b"pixels"))


def test_the_reader_is_shut_in_and_is_ended_when_it_takes_too_much(monkeypatch):
    deeds = {
        "network": "import socket; socket.socket(socket.AF_INET)",
        "files": "open('/etc/passwd').read()",
        "programs": "import os; os.execv('/bin/true', ['true'])",
        "memory": "bytearray(900 << 20)",
    }
    for name, deed in deeds.items():
        shut = "from grading.documents.__main__ import *; confine([], []); limit(mapped(), LIMITS)"
        done = subprocess.run([sys.executable, "-P", "-c", f"{shut}\n{deed}"], env={}, capture_output=True, check=False)
        assert done.returncode != 0, name
        assert any(each in done.stderr for each in (b"Error", b"denied")), name
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(InvalidAnswerError, match="没有传完整"):
        rebuilt(written(page()))
