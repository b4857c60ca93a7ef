"""Makes a photo small, in a process of its own: a picture made to harm ends this process only.

Run as a program: the file on its input, on its output the length of the first JPEG and two JPEGs.
Exit status 0: done; MANY_PIXELS, MOVING: refused; anything else: the file is broken.
"""

import io
import resource
import sys
import warnings
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageOps

FULL, SMALL = 1600, 320  # pixels of the longer side: a page of A4 at 140 dpi; a line of a timeline
QUALITY = 82  # of JPEG: about 400 KB for a full photo
# The largest modes of common telephones have 48 and 50 megapixels: those are taken and made small.
# More is refused by the header, before anything is unpacked (150 MB as pixels).
MOST_PIXELS = 50_000_000
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 20
MANY_PIXELS, MOVING = 3, 4
LENGTH = 4  # bytes
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def shrink(data: bytes) -> tuple[bytes, bytes] | int:
    """The photo upright, with nothing else in it, in two sizes; or the status of a refusal."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return MANY_PIXELS
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        return MOVING
    if image.format not in ("JPEG", "MPO"):
        image = _on_white(image)  # a JPEG is made small while it is read
    image.thumbnail((FULL, FULL))
    image = ImageOps.exif_transpose(image).convert("RGB")
    image.info.clear()  # comments and profiles would be written again
    small = image.copy()
    small.thumbnail((SMALL, SMALL))
    return _jpeg(image), _jpeg(small)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else ImageOps.exif_transpose(image).convert("RGB")
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright)
    return paper


def _jpeg(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def main(sent: BinaryIO, out: BinaryIO) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    made = shrink(sent.read())
    if isinstance(made, int):
        return made
    full, small = made
    out.write(len(full).to_bytes(LENGTH, "big") + full + small)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
