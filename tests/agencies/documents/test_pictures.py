"""Photos and scans: what is taken, what it becomes, and the words for what is refused."""

import io
import random
import struct
import zipfile
import zlib

import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from agencies.documents import pictures, shrink
from agencies.errors import RuleBroken

GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110


def picture(size: tuple[int, int] = (2400, 1200)) -> Image.Image:
    """Left half red, right half blue: one sees whether it was turned."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return made


def saved(image: Image.Image, format: str, **how: object) -> bytes:
    made = io.BytesIO()
    image.save(made, format, **how)
    return made.getvalue()


def jpeg(size: tuple[int, int] = (2400, 1200), **how: object) -> bytes:
    return saved(picture(size), "JPEG", **how)


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    return saved(picture((640, 320)), "HEIF")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    "data",
    [
        jpeg(),
        jpeg(progressive=True),
        saved(picture().convert("CMYK"), "JPEG"),
        saved(picture().convert("L"), "JPEG"),
        saved(picture(), "PNG"),
        saved(picture().convert("P"), "PNG"),
        saved(picture().convert("RGBA"), "PNG"),
        saved(picture().convert("1"), "PNG"),
        saved(picture(), "WEBP"),
        heic(),
        jpeg() + b"\x00\x00\x00\x18ftypmp42" + bytes(5000),  # a telephone's "moving photo"
        saved(picture(), "MPO", save_all=True, append_images=[picture((10, 10))]),
    ],
    ids=[
        "jpeg",
        "progressive",
        "cmyk",
        "grey",
        "png",
        "palette",
        "alpha",
        "bits",
        "webp",
        "heic",
        "motion",
        "mpo",
    ],
)
def test_a_photo_becomes_two_plain_jpegs(data):
    made = pictures.photo(data, "/photos/0")
    full, small = opened(made.full), opened(made.small)
    assert (full.format, small.format) == ("JPEG", "JPEG")
    assert (full.mode, max(full.size) <= 1600, max(small.size)) == ("RGB", True, 320)
    assert full.size[0] == 2 * full.size[1]


def test_a_phone_photo_of_forty_megapixels_is_made_small():
    made = pictures.photo(jpeg((8000, 5000), quality=30), "/photos/0")
    assert opened(made.full).size == (1600, 1000)


def test_nothing_of_the_camera_the_place_and_the_words_stays():
    exif = Image.Exif()
    exif[MODEL] = "SecretPhone"
    exif[GPS] = {1: "N", 2: (27.0, 47.0, 1.0)}
    sent = jpeg(exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile", xmp=b"SecretXmp")
    assert sent.count(b"Secret") == 4
    text = PngInfo()
    text.add_text("Author", "SecretAuthor")
    for data in (sent, saved(picture(), "PNG", pnginfo=text, exif=exif)):
        made = pictures.photo(data, "/photos/0")
        for kept in (made.full, made.small):
            assert b"Secret" not in kept
            assert not opened(kept).getexif()
            assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was turned to the right
    for data in (jpeg(exif=exif), saved(picture(), "PNG", exif=exif)):
        made = pictures.photo(data, "/photos/0")
        for kept in (opened(made.full), opened(made.small)):
            assert kept.size[1] == 2 * kept.size[0]
            top, bottom = (kept.getpixel((kept.size[0] // 2, y)) for y in (5, kept.size[1] - 5))
            assert (top[0] > 200, bottom[2] > 200) == (True, True)


def zipped(name: str = "run.exe") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, b"MZ" + bytes(100))
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def moving(format: str) -> bytes:
    return saved(
        picture((40, 40)), format, save_all=True, append_images=[picture((40, 40)).rotate(90)]
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "damaged"),
        (bytes(5000), "not_a_photo"),
        (random.Random(4).randbytes(5000), "not_a_photo"),
        ("家长答应下周一送回".encode(), "not_a_photo"),
        (b"MZ" + bytes(5000), "program"),
        (b"\x7fELF" + bytes(5000), "program"),
        (b"#!/bin/sh\nrm -rf /", "program"),
        (zipped(), "program"),
        (jpeg((100, 50)) + zipped(), "program"),
        (saved(picture((100, 50)), "PNG") + zipped(), "program"),
        (jpeg((100, 50)) + b"Rar!\x1a\x07\x00" + bytes(50), "program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "page"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?><svg/>", "page"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "page"),
        (b"%PDF-1.7\n%%EOF", "document"),
        (moving("GIF"), "moving"),
        (saved(picture((40, 40)), "GIF"), "moving"),
        (moving("PNG"), "moving"),
        (moving("WEBP"), "moving"),
        (jpeg()[: len(jpeg()) // 2], "damaged"),
        (jpeg()[:20], "damaged"),
        (saved(picture(), "PNG")[:-200], "damaged"),
        (saved(picture(), "WEBP")[:200], "damaged"),
        (heic()[:400], "damaged"),
        (b"\xff\xd8\xff\xe0" + random.Random(5).randbytes(5000), "damaged"),
        (saved(picture((40, 40)), "TIFF"), "not_a_photo"),
        (saved(picture((40, 40)), "BMP"), "not_a_photo"),
        (saved(picture((40, 40)), "ICO"), "not_a_photo"),
        (bomb(30_000, 30_000), "too_many_pixels"),
        (bomb(60_000, 60_000), "too_many_pixels"),
        (bomb(7_000, 7_000), "damaged"),  # within the limit, but there is nothing behind the header
        (jpeg() + bytes(pictures.MOST_BYTES), "too_large"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_bytes_and_in_words(data, code):
    with pytest.raises(RuleBroken) as refused:
        pictures.photo(data, "/photos/3")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.pointer) == (code, "/photos/3")
    assert str(reason.text)


def test_the_limit_of_pixels_is_what_the_words_say():
    assert shrink.MOST_PIXELS == 50_000_000
    assert "50 million" in str(pictures.MANY_PIXELS)
    assert pictures.MOST_BYTES == 10 * 1024 * 1024
    assert "10 MB" in str(pictures.LARGE)


def pdf(body: bytes = b"", catalog: bytes = b"<</Type/Catalog/Pages 2 0 R>>") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n" + catalog + b"\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\n"
        b"endobj\n" + body + b"\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )


def packed(content: bytes) -> bytes:
    body = zlib.compress(content)
    return (
        b"5 0 obj\n<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n" % len(body)
        + body
        + b"\nendstream\nendobj"
    )


def test_a_plain_pdf_is_kept_as_it_is():
    # Bytes of a picture may spell short names by chance: they are no script.
    image = b"6 0 obj\n<</Subtype/Image/Length 40>>\nstream\n/JS /AA x /JS(\nendstream\nendobj\n"
    sent = pdf(image + packed(b"7 0 <</Type/Font>>"))
    kept = pictures.scan(sent, "/scan")
    assert (kept.media_type, kept.data) == ("application/pdf", sent)


def test_a_photo_of_a_paper_is_a_scan():
    kept = pictures.scan(heic(), "/scan")
    assert (kept.media_type, opened(kept.data).format) == ("image/jpeg", "JPEG")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(catalog=b"<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"), "acts"),
        (pdf(catalog=b"<</Type/Catalog/OpenAction<</S/J#61va#53cript/JS(1)>>>>"), "acts"),
        (pdf(b"9 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj"), "acts"),
        (pdf(packed(b"9 0 <</S/JavaScript/JS(1)>>")), "acts"),
        (pdf(b"9 0 obj\n<</XFA 12 0 R>>\nendobj"), "acts"),
        (pdf(b"9 0 obj\n<</Type/EmbeddedFile/Length 0>>\nendobj"), "holds_files"),
        (pdf(catalog=b"<</Type/Catalog/Names<</EmbeddedFiles 4 0 R>>>>"), "holds_files"),
        (pdf().replace(b"/Root", b"/Encrypt 8 0 R/Root"), "locked"),
        (pdf()[:60], "damaged"),
        (pdf(packed(bytes(90 * 1024 * 1024))), "damaged"),
        (
            pdf(b"5 0 obj\n<</Type/ObjStm/Filter/LZWDecode>>\nstream\nx\nendstream\nendobj"),
            "damaged",
        ),
        (pdf(bytes(pictures.MOST_BYTES)), "too_large"),
        (b"\n%PDF-1.7 later", "not_a_photo"),
        (b"MZ" + pdf(), "program"),
        (b"<html>" + pdf(), "page"),
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(data, code):
    with pytest.raises(RuleBroken) as refused:
        pictures.scan(data, "/scan")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.pointer) == (code, "/scan")
