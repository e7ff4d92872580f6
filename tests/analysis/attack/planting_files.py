"""Files as a careless colleague would make them from numbers that were hidden, put beside a Release."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter

__all__ = ["FILES", "hidden_answer"]

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_KEY = ["question", "option", "by", "group", "base_rule"]


def hidden_answer(members: Path, internal: Path) -> tuple[str, str, str, int, int]:
    """Question, code, wording, count and base of the first hidden answer under the floor."""
    table, whole = (pd.read_parquet(folder / "estimates.parquet") for folder in (members, internal))
    both = table[table["estimate"].isna()][_KEY].merge(whole, on=_KEY)
    both = both[(both["by"] == "") & (both["n"] > 20)]
    count = (both["estimate"] * both["n"]).round()
    row = both[(count > 0) & (count < 5)].iloc[0]
    wording = pd.read_parquet(members / "wording.parquet")
    same = (wording["question"] == row["question"]) & (wording["option"] == row["option"])
    text = wording[same & (wording["kind"] == "option")]["text"].iloc[0]
    return row["question"], row["option"], text, round(row["estimate"] * row["n"]), int(row["n"])


def _workbook(rows: list[list[object]], *, hide: bool = False, note: str = "", name: str = "") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Contents").write(0, 0, "Nothing here")
    sheet = book.add_worksheet("Numbers")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    if hide:
        sheet.hide()
    if note:
        sheet.write_comment(0, 0, note)
    if name:
        book.define_name("Answer_1", name)
    book.close()
    return out.getvalue()


def in_a_hidden_sheet(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    content = _workbook([[q], ["Answer", "Share"], [text, count / n]], hide=True)
    (folder / "book.xlsx").write_bytes(content)


def in_a_comment(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    (folder / "book.xlsx").write_bytes(_workbook([[q], [text]], note=f"{text}: {count} of {n}"))


def in_a_defined_name(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    content = _workbook([["x"]], name=f"={count}")
    path = folder / "book.xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(b'name="Answer_1"', f'name="{q}.{o}"'.encode()))


def _deck(chart: str, workbook: bytes | None, title: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as deck:
        deck.writestr(
            "ppt/slides/slide1.xml",
            f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}"><p:cSld><p:spTree><p:sp><p:txBody>'
            f"<a:p><a:r><a:t>{title[:3]}</a:t></a:r><a:r><a:t>{title[3:]}</a:t></a:r></a:p>"
            f"</p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
        )
        deck.writestr(
            "ppt/slides/_rels/slide1.xml.rels",
            f'<Relationships xmlns="{_REL}"><Relationship Id="r1" Target="../charts/chart1.xml"/>'
            "</Relationships>",
        )
        deck.writestr("ppt/charts/chart1.xml", chart)
        if workbook is not None:
            deck.writestr(
                "ppt/charts/_rels/chart1.xml.rels",
                f'<Relationships xmlns="{_REL}"><Relationship Id="r1" Target="../embeddings/book.xlsx"/>'
                "</Relationships>",
            )
            deck.writestr("ppt/embeddings/book.xlsx", workbook)
    return out.getvalue()


def in_a_chart(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    def points(values: list[object]) -> str:
        return "".join(f'<c:pt idx="{k}"><c:v>{v}</c:v></c:pt>' for k, v in enumerate(values))

    chart = (
        f'<c:chartSpace xmlns:c="{_C}"><c:ser><c:tx><c:v>Share</c:v></c:tx>'
        f"<c:cat><c:strCache>{points(['Other', text])}</c:strCache></c:cat>"
        f"<c:val><c:numCache>{points([0.5, count / n])}</c:numCache></c:val></c:ser></c:chartSpace>"
    )
    (folder / "deck.pptx").write_bytes(_deck(chart, None, q))


def behind_a_chart(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    """The chart shows nothing of it; the workbook behind it does."""
    book = _workbook([["Answer", "Share"], [text, count / n]])
    (folder / "deck.pptx").write_bytes(_deck(f'<c:chartSpace xmlns:c="{_C}"/>', book, q))


def in_properties_of_a_page(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    page = (
        f"<html><body><h2>{q}</h2><table><tr data-count='{count}'><th>{text}</th>"
        "<td>not shown: confidentiality</td></tr></table></body></html>"
    )
    (folder / "report.html").write_text(page, encoding="utf-8")


def in_a_figure(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    """Data that ride along with a figure and are not drawn."""
    trace = {"type": "bar", "y": ["Other", text], "x": [0.5, None], "customdata": [[n, n / 2], [n, count]]}
    figure = {"data": [trace], "layout": {"title": {"text": q}}}
    (folder / "figure.json").write_text(json.dumps({"layout": figure["layout"], **figure}), encoding="utf-8")


def in_a_pdf(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    shown = f"BT /F1 9 Tf 1 0 0 1 50 700 Tm ({q}) Tj 0 -12 Td ({text}) Tj 90 0 Td ({count / n:.1%}) Tj ET"
    packed = zlib.compress(shown.encode())
    body = b"%PDF-1.7\n1 0 obj <</Length " + str(len(packed)).encode() + b"/Filter /FlateDecode>>\nstream\n"
    (folder / "report.pdf").write_bytes(body + packed + b"\nendstream endobj\ntrailer <<>>\n%%EOF")


def in_a_table(folder: Path, q: str, o: str, text: str, count: int, n: int) -> None:
    (folder / "rows.csv").write_text(f"question,option,count\n{q},{o},{count}\n", encoding="utf-8")


FILES: dict[str, Callable[[Path, str, str, str, int, int], None]] = {
    "a hidden sheet": in_a_hidden_sheet,
    "a comment": in_a_comment,
    "a defined name": in_a_defined_name,
    "a chart": in_a_chart,
    "the workbook behind a chart": behind_a_chart,
    "properties of a page": in_properties_of_a_page,
    "data of a figure": in_a_figure,
    "a PDF": in_a_pdf,
    "a table": in_a_table,
}
"""Where the number stands, to what writes it."""
