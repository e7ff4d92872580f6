"""Tables on their way out: CSV or JSON, whole or not at all, with cells that no spreadsheet runs."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["SYNTHETIC", "check_out", "label_synthetic", "neutral", "put_pieces", "put_table", "replace_file"]

SYNTHETIC = "synthetic respondents"
"""What each row of an export says where the respondents are made up."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def check_out(out: str | None, suffixes: tuple[str, ...] = (".csv",), option: str = "--out") -> Path | None:
    """The file a command will write, looked at before any work is done.

    Raises
    ------
    Fault
        Its folder does not exist or cannot be written, it is a folder itself, or its ending is
        none of `suffixes`.
    """
    if out is None:
        return None
    from survey import FileFault

    path = Path(out)
    if path.suffix.lower() not in suffixes:
        raise FileFault(
            f"{option} {out}",
            f"a file that ends in {path.suffix!r}",
            f"one that ends in {', '.join(suffixes)}",
            f"write {option} {path.with_suffix(suffixes[0])}",
        )
    if path.is_dir():
        raise FileFault(
            f"{option} {out}",
            "a folder",
            "the name of a file",
            f"write {option} {path / 'table'}{suffixes[0]}",
        )
    if not path.parent.is_dir():
        raise FileFault(
            f"{option} {out}",
            f"no folder {path.parent}",
            "a folder that exists",
            f"make it: mkdir -p {path.parent}",
        )
    if not os.access(path.parent, os.W_OK):
        raise FileFault(
            f"{option} {out}",
            f"folder {path.parent} cannot be written",
            "a folder you may write in",
            "name another",
        )
    return path


def label_synthetic(frame: "pd.DataFrame", is_synthetic: bool) -> "pd.DataFrame":
    """The table with a last column `synthetic` that says so on each row, if the study is synthetic."""
    return frame.assign(synthetic=SYNTHETIC) if is_synthetic else frame


def neutral(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The table with text cells that a spreadsheet would run as a formula made plain by a leading `'`.

    Numbers, and text that is a number such as the code `-9`, stay as they are.
    """
    import pandas as pd

    clean = frame.copy()
    for column in clean.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in clean.dtypes]]:
        text = clean[column]
        risky = _begins_dangerously(text)
        if risky.any():
            risky[risky] = pd.to_numeric(text[risky], errors="coerce").isna().to_numpy()
            clean[column] = text.where(~risky, "'" + text.astype(str))
    return clean


def _begins_dangerously(text: "pd.Series") -> "np.ndarray":
    """Which cells are text that begins as a formula does, shape (rows,)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cells = pa.array(text, pa.large_string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError):
        odd = text.map(lambda cell: isinstance(cell, str) and cell.startswith(_DANGEROUS))
        return odd.fillna(False).to_numpy(dtype=bool)
    begin = pc.is_in(pc.utf8_slice_codeunits(cells, 0, 1), pa.array(_DANGEROUS, pa.large_string()))
    return np.array(begin.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def put_table(frame: "pd.DataFrame", out: Path | None) -> None:
    """Write a table as CSV (or JSON, by the ending of `out`), to stdout where `out` is None."""
    if out is None or out.suffix.lower() != ".json":
        put_pieces((frame,), out)
        return
    import json

    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n"
    replace_file(out, lambda path: path.write_text(text, encoding="utf-8", newline=""))


def put_pieces(pieces: "Iterable[pd.DataFrame]", out: Path | None) -> None:
    """Write a table that comes in pieces of the same columns, one or more, never holding all of it.

    CSV (to stdout where `out` is None) and Parquet by the ending of `out`; JSON is put together first.
    """
    if out is None:
        _csv_pieces(pieces, sys.stdout)
    elif out.suffix.lower() == ".parquet":
        replace_file(out, lambda path: _parquet_pieces(pieces, path))
    elif out.suffix.lower() == ".json":
        import pandas as pd

        put_table(pd.concat(list(pieces), ignore_index=True), out)
    else:

        def write(path: Path) -> None:
            with path.open("w", encoding="utf-8", newline="") as file:
                _csv_pieces(pieces, file)

        replace_file(out, write)


def _csv_pieces(pieces: "Iterable[pd.DataFrame]", file: TextIO) -> None:
    from dashboard.command.lines import csv_lines

    for number, piece in enumerate(pieces):
        file.writelines(csv_lines(neutral(piece), header=number == 0))


def _parquet_pieces(pieces: "Iterable[pd.DataFrame]", path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rest = iter(pieces)
    first = pa.Table.from_pandas(next(rest), preserve_index=False)
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for piece in rest:
            writer.write_table(pa.Table.from_pandas(piece, schema=first.schema, preserve_index=False))


def replace_file(out: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file of a temporary name beside `out`, then put it in the place of `out`."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=out.suffix, dir=out.parent)
    os.close(handle)
    try:
        write(Path(name))
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask for new files, which temporary files do not follow."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
