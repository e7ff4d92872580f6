"""What can be seen of a file without reading it whole: its first bytes, archive members, XML root."""

import codecs
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from survey.faults import FileFault
from survey.paths import near_path

__all__ = ["Look", "look_at"]

_HEAD = 65_536
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>|\s)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


@dataclass(frozen=True)
class Look:
    """A file looked at for its kind.

    Attributes
    ----------
    path : Path
        The file.
    head : bytes
        Its first bytes, at most 65,536.
    """

    path: Path
    head: bytes

    @cached_property
    def text(self) -> str:
        """The first bytes as text, without a mark of encoding; undecodable bytes are left out."""
        for mark, encoding in _MARKS:
            if self.head.startswith(mark):
                return codecs.decode(self.head[len(mark) :], encoding, "ignore")
        return self.head.decode("utf-8", "ignore")

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names in a zip archive; () where the file is none, or its list of contents is broken."""
        if not self.head.startswith(b"PK"):
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
            return ()

    @cached_property
    def root(self) -> str:
        """Local name of the root element of an XML document, such as `codeBook`; "" where it is none."""
        if not self.text.lstrip().startswith("<"):
            return ""
        prolog = _PROLOG.match(self.text)
        root = _ROOT.match(self.text, prolog.end() if prolog else 0)
        return root.group(1) if root else ""

    @cached_property
    def is_xml(self) -> bool:
        """Whether it begins as an XML document."""
        start = self.text.lstrip()
        return start.startswith("<?xml") or bool(self.root and not self.root.lower().startswith("html"))

    @cached_property
    def is_json(self) -> bool:
        """Whether it begins as a JSON object, or a list of them."""
        return re.match(r'\s*(?:\[\s*)?\{\s*(?:"|\})', self.text) is not None


def look_at(path: Path) -> Look:
    """Open a file for a look.

    Raises
    ------
    FileFault
        No such file, a folder, an empty file, or one that may not be read.
    """
    if path.is_dir():
        raise FileFault(str(path), "a folder", "a survey file", "give the file in it")
    if not path.is_file():
        raise FileFault(str(path), "no such file", "a survey file", near_path(path))
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise FileFault(
            str(path), f"cannot be read ({error.strerror})", "a survey file", "check its rights"
        ) from error
    if not head:
        raise FileFault(str(path), "the file is empty (0 bytes)", "a survey file", "export the survey again")
    return Look(path, head)
