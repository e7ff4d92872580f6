"""The audit of printed figures on the page: what they imply, what contradicts, what gives firms away."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.pages.given import cited
from dashboard.pages.marks import filled_table, folded_rows, hatched
from dashboard.pages.trends import flag_words, remark_words
from dashboard.shelf import Shelf
from dashboard.trend_words import bases_words
from dashboard.wording import as_points, as_whole, beside, catalogue, is_number, say

__all__ = ["audit_sections"]

_ODD = "stated base not|no base fits|misprint|complement|swapped|cut, not|mixed|adds past|leak"


def audit_sections(shelf: Shelf, lang: str) -> list[tuple[str, list[Component]]]:
    """The one section of the audit; none where the study names no printed figures."""
    if "published" not in shelf.tables or shelf.tables["published"].empty:
        return []
    about = shelf.manifest.get("published") or {}
    words = {key: about.get(key, 0) for key in ("known", "open", "clash", "cut", "small", "floor")}
    counts = {key: about.get(key, 0) for key in ("figures", "questions")}
    table = shelf.tables["published"]
    odd = table[table["flag"].fillna("").str.contains(_ODD)]
    levels = table["level"].dropna().head(1)
    parts: list[Component] = [
        html.P(say(lang, "audit.subtitle", file=about.get("file", ""), **counts), className="said"),
        html.P(say(lang, "audit.summary", **words), className="said"),
        *[html.P(_how(lang, level), className="said quiet") for level in levels],
    ]
    if shelf.audience != "internal":
        parts.append(html.P(say(lang, "method_page.audit_less"), className="said"))
    parts += _part(lang, "odd", [_figure(shelf, lang, row) for row in _records(odd)], _HEADS, numbers=(2, 3))
    parts += _changes(shelf, lang)
    parts += _small(shelf, lang)
    parts += _editions(shelf, lang)
    parts += _disagreements(shelf, lang)
    parts += _contrasts(shelf, lang)
    lines = [_figure(shelf, lang, row) for row in _records(table)]
    heads = [say(lang, key) for key in _HEADS]
    whole = folded_rows(lang, heads, lines, say(lang, "audit.figures"), numbers=(2, 3))
    parts += [html.H3(say(lang, "audit.figures")), whole]
    parts.append(
        html.P(
            html.A(say(lang, "method_page.audit_csv"), href="/published.csv", download=""), className="links"
        )
    )
    return [("audit", parts)]


def _how(lang: str, level: float) -> str:
    """How the figures were worked out, with the level of their limits."""
    return say(lang, "audit.how_text", level=say(lang, "unit.per_level", level=f"{100 * level:g}"))


_HEADS = ("audit.wave", "audit.answer", "audit.printed", "audit.count", "audit.rounding", "audit.remark")


def _records(table: Any) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict(orient="records")]


def _held(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    """Rows of another table of the audit; none where the Release was written without it."""
    return _records(shelf.tables[name]) if name in shelf.tables else []


def _worded(shelf: Shelf, lang: str) -> dict[tuple[str, str], str]:
    """Question and option id of the printed figures to their words in a language."""
    table = shelf.tables.get("published_wording")
    if table is None:
        return {}
    mine = table[table["lang"] == lang]
    return {
        (str(q), str(o or "")): str(text)
        for q, o, text in zip(mine["question"], mine["option"], mine["text"], strict=True)
        if text
    }


def _name(shelf: Shelf, lang: str, question: str, option: str = "") -> str:
    """`question: answer` in words, else in ids."""
    words = _worded(shelf, lang)
    first = words.get((question, ""), question)
    return beside(lang, first, words.get((question, option), option)) if option else first


def _part(
    lang: str,
    key: str,
    lines: list[list[Component | str]],
    heads: tuple[str, ...],
    *,
    numbers: tuple[int, ...] = (),
) -> list[Component]:
    """A heading and its table, which is open where it is short; nothing where there is nothing."""
    title = say(lang, f"audit.{key}")
    if not lines:
        return []
    head = [say(lang, name) for name in heads]
    if len(lines) <= 8:
        return [html.H3(title), filled_table(head, lines, title, numbers=numbers)]
    return [html.H3(title), folded_rows(lang, head, lines, title, numbers=numbers)]


def _figure(shelf: Shelf, lang: str, row: dict[str, Any]) -> list[Component | str]:
    """One printed percent: wave, answer, what is behind it, how it was rounded, what is odd."""
    wave = f"{row['wave']} {catalogue(lang).get('edition.' + str(row['edition']), row['edition'])}".strip()
    name = _name(shelf, lang, str(row["question_id"]), str(row["option_id"]))
    if "suppressed" in str(row["flag"]):
        return [wave, name, hatched(lang), "", "", ""]
    behind = _behind(lang, row)
    rounding = str(row["rounding"] or "").replace(" ", "_")
    by = say(lang, f"rounding.{rounding}") if rounding else "–"
    return [wave, name, str(row["printed"]), behind, by, remark_words(shelf, lang, row)]


def _behind(lang: str, row: dict[str, Any]) -> str:
    """Count and base of a printed figure, as far as they are known."""
    has_base, has_count = is_number(row["base"]), is_number(row["count"])
    if has_base and has_count:
        return say(lang, "audit.of", count=int(row["count"]), base=int(row["base"]))
    if has_base:
        return say(lang, "audit.base_of", base=int(row["base"]))
    if has_count:
        return say(lang, "audit.of_unknown", count=int(row["count"]))
    bases = bases_words(lang, str(row["feasible_bases"] or ""))
    return say(lang, "audit.one_of", bases=bases) if bases else "–"


def _difference(lang: str, row: dict[str, Any]) -> str:
    ends = {key: as_points(row[key]) for key in ("estimate", "low", "high")}
    return say(lang, "audit.points", **ends)


def _changes(shelf: Shelf, lang: str) -> list[Component]:
    lines: list[list[Component | str]] = [
        [
            _name(shelf, lang, r["question_id"], r["option_id"]),
            beside(
                lang, str(r["from_wave"]), say(lang, "audit.of", count=r["from_count"], base=r["from_base"])
            ),
            beside(lang, str(r["to_wave"]), say(lang, "audit.of", count=r["to_count"], base=r["to_base"])),
            _difference(lang, r),
            f"{100 * r['smallest']:.0f}",
            flag_words(lang, r["flag"]),
        ]
        for r in _held(shelf, "published_changes")
    ]
    heads = ("audit.answer", "audit.from", "audit.to", "audit.difference", "audit.smallest", "audit.remark")
    return _part(lang, "changes", lines, heads, numbers=(3, 4))


def _small(shelf: Shelf, lang: str) -> list[Component]:
    lines: list[list[Component | str]] = []
    for r in _held(shelf, "published_small"):
        cell = say(lang, "audit.gave" if r["cell"] == "gave it" else "audit.did_not")
        behind = say(lang, "audit.of_unknown", count=int(r["firms"]))
        if is_number(r["base"]):
            behind = say(lang, "audit.of", count=int(r["firms"]), base=int(r["base"]))
        wave = f"{r['wave']} {catalogue(lang).get('edition.' + str(r['edition']), r['edition'])}".strip()
        lines.append(
            [wave, _name(shelf, lang, r["question_id"], r["option_id"]), cell, behind, str(r["printed"])]
        )
    heads = ("audit.wave", "audit.answer", "audit.cell", "audit.count", "audit.printed")
    return _part(lang, "small", lines, heads, numbers=(3, 4))


def _editions(shelf: Shelf, lang: str) -> list[Component]:
    known = catalogue(lang)
    lines: list[list[Component | str]] = []
    for r in _held(shelf, "published_editions"):
        said = say(lang, "audit.added", added=r["added"])
        if r["fewest_edits"]:
            said = say(lang, "audit.edited", edits=r["fewest_edits"])
        elif r["exposed"]:
            said = say(lang, "audit.exposed", count=r["second_count"] - r["first_count"], added=r["added"])
        ends = []
        for end in ("first", "second"):
            behind = say(lang, "audit.of", count=r[f"{end}_count"], base=r[f"{end}_base"])
            ends.append(beside(lang, known.get(f"edition.{r[end]}", str(r[end])), behind))
        lines.append([str(r["wave"]), _name(shelf, lang, r["question_id"], r["option_id"]), *ends, said])
    heads = ("audit.wave", "audit.answer", "audit.from", "audit.to", "audit.remark")
    return _part(lang, "editions", lines, heads)


def _disagreements(shelf: Shelf, lang: str) -> list[Component]:
    of = shelf.tables["published"].set_index("row")
    lines: list[list[Component | str]] = []
    for r in _held(shelf, "published_sources"):
        place = of.loc[r["row"]]
        lines.append(
            [
                f"{place['wave']} · {_name(shelf, lang, str(place['question_id']), str(place['option_id']))}",
                cited(f"{r['printed']} ({r['source']})"),
                cited(f"{r['against_printed']} ({r['against_source']})"),
                say(lang, f"audit_flag.{r['agreement']}"),
            ]
        )
    return _part(lang, "sources", lines, ("audit.answer", "audit.printed", "audit.against", "audit.is"))


def _contrasts(shelf: Shelf, lang: str) -> list[Component]:
    words = _worded(shelf, lang)
    lines: list[list[Component | str]] = [
        [
            f"{r['wave']} · {_name(shelf, lang, r['question_id'])}",
            words.get((r["question_id"], r["option_id"]), r["option_id"]),
            words.get((r["question_id"], r["against"]), r["against"]),
            as_whole(r["n"]),
            _difference(lang, r),
        ]
        for r in _held(shelf, "published_contrasts")
    ]
    heads = ("audit.question", "audit.answer", "audit.against", "audit.base", "audit.difference")
    return _part(lang, "contrasts", lines, heads, numbers=(3, 4))
