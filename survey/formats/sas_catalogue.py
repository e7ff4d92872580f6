"""SAS catalogues (.sas7bcat): formats of the user, each with the labels of its values."""

from pathlib import Path

import pandas as pd
import pyreadstat

from survey.coding import code_text
from survey.faults import FileFault
from survey.formats.reading import Reading

__all__ = ["read_catalogue"]

_ENCODINGS = (None, "utf-8", "cp932", "cp1252")
_HEADER = 288


def read_catalogue(path: Path) -> Reading:
    """The formats of a .sas7bcat: a reading of no rows with a `catalogue`.

    Raises
    ------
    FileFault
        The file is damaged or cut off, or holds no formats.
    """
    _believable(path)
    first: Exception | None = None
    for encoding in _ENCODINGS:
        try:
            _, meta = pyreadstat.read_sas7bcat(str(path), encoding=encoding)
        except Exception as error:
            first = first or error
            said = str(error).lower()
            if isinstance(error, UnicodeError) or "encoding" in said or "convert" in said:
                continue
            break
        found = {
            name.upper(): {_code(name, code): str(text) for code, text in labels.items()}
            for name, labels in meta.value_labels.items()
            if labels
        }
        if not found:
            break
        return Reading(pd.DataFrame(), catalogue=found, encoding=meta.file_encoding or encoding or "")
    raise FileFault(
        str(path),
        f"a SAS catalogue that cannot be read ({first or 'there are no formats in it'})",
        "a whole .sas7bcat with formats",
        "get the file again, or write the labels in codebook.toml",
    )


def _code(name: str, code: object) -> str:
    """A labelled value as the code that stands in the frame: `.A` for a letter of a numeric format."""
    if isinstance(code, str) and not name.startswith("$"):
        return "." + code
    return code_text(code)


def _believable(path: Path) -> None:
    """Refuse what is cut off, before the library reads it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER:
        raise FileFault(str(path), f"only {size} bytes", "a whole .sas7bcat file", "get the file again")
    align = 4 if head[35:36] == b"3" else 0
    order = "little" if head[37:38] == b"\x01" else "big"

    def number(at: int, many: int) -> int:
        return int.from_bytes(head[at : at + many], order)  # type: ignore[arg-type]

    first, page = number(196 + align, 4), number(200 + align, 4)
    pages = number(204 + align, 8 if head[32:33] == b"3" else 4)
    if not first or not page or first + pages * page > size:
        raise FileFault(
            str(path),
            f"its header states {pages:,} pages of {page:,} bytes, the file has {size:,} bytes",
            "a whole .sas7bcat file",
            "it is cut off or damaged: get the file again",
        )
