"""Small files that would fill the machine if they were unpacked as they ask to be, one a kind."""

import gzip
import io
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

__all__ = ["BOMBS", "zsav"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"


def _workbook(sheet: str, texts: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        kinds = {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("sharedStrings", "sharedStrings.xml")}
        told = "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for name, (kind, target) in kinds.items()
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELATED}">{told}</Relationships>'
        )
        made.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>')
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
    return out.getvalue()


def _one_text_in_every_cell() -> bytes:
    """50,000 cells that share one text of 30,000 letters: 1.5 GB as a column."""
    rng = np.random.default_rng(1)
    text = bytes(rng.integers(97, 123, 30_000).astype(np.uint8)).decode()
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 50_001))
    return _workbook(f"<sheetData>{rows}</sheetData>", f"<si><t>{text}</t></si>")


def _cells_far_apart() -> bytes:
    """Rows whose only cell stands in the last column a sheet has: 16,384 cells each."""
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>1</v></c></row>' for r in range(1, 100_001)
    )
    return _workbook(f"<sheetData>{rows}</sheetData>")


def _parquet(table: pa.Table, **how: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", **how)
    return out.getvalue()


def _parquet_of_one_text() -> bytes:
    """A million rows that share one text of 100,000 letters by a dictionary: 100 GB as text."""
    codes = pa.array(np.zeros(1_000_000, dtype=np.int32))
    shared = pa.DictionaryArray.from_arrays(codes, pa.array(["a" * 100_000]))
    return _parquet(pa.table({"id": shared}), store_schema=False)


def _parquet_of_one_number() -> bytes:
    """Ten million rows of one number: 80 MB as numbers, 50 KB as a file."""
    one = pa.chunked_array([pa.array(np.zeros(1_000_000))] * 10)
    return _parquet(pa.table({"c0": one}), store_schema=False)


def _parquet_of_lists() -> bytes:
    """A row whose one cell is a list of ten million numbers."""
    values = pa.array(np.zeros(10_000_000, dtype=np.int8))
    return _parquet(pa.table({"id": pa.ListArray.from_arrays([0, 10_000_000], values)}), store_schema=False)


def zsav(rows: int, stated: int | None = None) -> bytes:
    """Equal texts of 200 letters, deflated; `stated` is what the header says of the cases."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "a.zsav"
        frame = pd.DataFrame({f"c{k}": ["x" * 200] * rows for k in range(40)})
        pyreadstat.write_sav(frame, str(path), row_compress=False, compress=True)
        data = bytearray(path.read_bytes())
    if stated is not None:
        struct.pack_into("<i", data, 80, stated)
    return bytes(data)


def _csv_wide_and_long() -> bytes:
    """60,000 columns, and 100,000 rows of one cell: 6 billion cells once they are filled."""
    head = ",".join(f"c{k}" for k in range(60_000))
    return (head + "\n" + "1\n" * 100_000).encode()


def _csv_of_commas() -> bytes:
    """Four million columns without a name and one row."""
    return b"buyer,supplier,value" + b"," * 4_000_000 + b"\n" + b"a,b,1\n"


def _dta_of_one_text() -> bytes:
    """200,000 rows that point to one text of a million letters: 200 GB."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "a.dta"
        few = pd.DataFrame({"id": [1.0, 2.0], "t": ["a" * 1_000_000, "b" * 3000]})
        few.to_stata(path, version=118, convert_strl=["t"], write_index=False)
        data = path.read_bytes()
    rows = 200_000
    at = data.index(b"<N>") + 3
    data = data[:at] + struct.pack("<q", rows) + data[at + 8 :]
    start, end = data.index(b"<data>") + 6, data.index(b"</data>")
    row = data[start : start + (end - start) // 2]
    moved = len(row) * rows - (end - start)
    whole = bytearray(data[:start] + row * rows + data[end:])
    place = whole.index(b"<map>") + 5
    for k in range(10, 14):  # what stands behind the data moved
        (old,) = struct.unpack_from("<q", whole, place + 8 * k)
        struct.pack_into("<q", whole, place + 8 * k, old + moved)
    return bytes(whole)


def _zip_of_zips() -> bytes:
    """An archive of fifty archives of 30 MB of nothing each."""
    nothing = io.BytesIO()
    with zipfile.ZipFile(nothing, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("a.txt", b"\0" * 30_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for k in range(50):
            made.writestr(f"{k}.zip", nothing.getvalue())
    return out.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "shared.xlsx": _one_text_in_every_cell,
    "apart.xlsx": _cells_far_apart,
    "text.parquet": _parquet_of_one_text,
    "number.parquet": _parquet_of_one_number,
    "list.parquet": _parquet_of_lists,
    "wide.csv": _csv_wide_and_long,
    "commas.csv": _csv_of_commas,
    "text.dta": _dta_of_one_text,
    "links.csv.gz": lambda: gzip.compress(b"buyer,supplier,value\n" + b"a,b,1\n" * 2_000_000, 1),
    "zips.zip": _zip_of_zips,
}
