"""What a file really is, by its bytes; only such as people send each other are taken.

Signatures are those of the formats' own specifications. A list of what may come in is safer than a library
that knows a thousand types and lets a page of HTML pass as one of them.
"""

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple


class FileType(NamedTuple):
    """``media_type`` as browsers know it; ``endings`` that a file's name may have."""

    media_type: str
    endings: tuple[str, ...]
    fits: Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _holds(*names: str) -> Callable[[bytes], bool]:
    """A ZIP with an entry of one of these names, or in a folder of them."""

    def fits(content: bytes) -> bool:
        if not content.startswith(b"PK"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return any(entry.startswith(names) for entry in archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    return fits


def _is_zip(content: bytes) -> bool:
    return _holds("")(content)


def _is_text(content: bytes) -> bool:
    """Words: no byte that text has not, in UTF-8, UTF-16 with its mark, or the encoding of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte in content for byte in (b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x06"))


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OLD_OFFICE = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

TYPES = (
    FileType("application/pdf", ("pdf",), _begins(b"%PDF-")),
    FileType("image/png", ("png",), _begins(b"\x89PNG\r\n\x1a\n")),
    FileType("image/jpeg", ("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    FileType("image/gif", ("gif",), _begins(b"GIF87a", b"GIF89a")),
    FileType("image/webp", ("webp",), _is_webp),
    FileType(f"{_OFFICE}wordprocessingml.document", ("docx",), _holds("word/")),
    FileType(f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), _holds("xl/")),
    FileType(f"{_OFFICE}presentationml.presentation", ("pptx",), _holds("ppt/")),
    FileType("application/vnd.oasis.opendocument.text", ("odt",), _holds("mimetype")),
    FileType("application/vnd.oasis.opendocument.spreadsheet", ("ods",), _holds("mimetype")),
    FileType("application/msword", ("doc",), _OLD_OFFICE),
    FileType("application/vnd.ms-excel", ("xls",), _OLD_OFFICE),
    FileType("application/vnd.ms-outlook", ("msg",), _OLD_OFFICE),
    FileType("application/rtf", ("rtf",), _begins(b"{\\rtf")),
    FileType("application/zip", ("zip",), _is_zip),
    FileType("text/plain", ("txt", "log"), _is_text),
    FileType("text/csv", ("csv",), _is_text),
    FileType("message/rfc822", ("eml",), _is_text),
)
ENDINGS = tuple(ending for each in TYPES for ending in each.endings)


def ending_of(name: str) -> str:
    """What a file's name ends in, in lower case; blank where it has no ending."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def type_of(name: str, content: bytes) -> FileType | None:
    """The type that a file's name says and its bytes are; None where it is no such, or none we take."""
    ending = ending_of(name)
    known = next((each for each in TYPES if ending in each.endings), None)
    return known if known and known.fits(content) else None
