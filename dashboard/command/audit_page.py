"""The audit of printed figures as a report to read and print: one page of HTML that fetches nothing."""

from collections.abc import Hashable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.command.audit_between import (
    tell_changes,
    tell_contrasts,
    tell_editions,
    tell_small,
    tell_sources,
)
from dashboard.command.audit_parts import Names, flags, group, row, table
from dashboard.finding_words import file_alone, say_finding
from dashboard.straight import straight_text
from dashboard.trend_words import bases_words
from dashboard.wording import catalogue, say

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Audit, Figures, Reason
    from survey import Finding

__all__ = ["page_of_audit"]

_STYLE = """
@page { size: A4; margin: 16mm 14mm;
  @bottom-left { content: "%s"; font: 8pt sans-serif; color: #565B63; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #565B63; } }
:root { --ink: #1A1C1F; --quiet: #565B63; --line: #D9DCE1; --ground: #FFFFFF; --mark: #8F3A22;
  color-scheme: light dark; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #ECEEF1; --quiet: #A9AFB8; --line: #3A3F47; --ground: #14161A; --mark: #F0A184; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; color: var(--ink); background: var(--ground);
  line-height: 1.45;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", sans-serif; }
h1 { font-size: 1.5rem; margin-bottom: .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; break-after: avoid; }
p { max-width: 72ch; margin: .4rem 0; } h2 + p { break-after: avoid; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; width: 100%%; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; border-bottom: 0; padding-top: .8rem; }
tr:has(> th[scope="rowgroup"]) { break-after: avoid; }
tbody tr:first-child { break-before: avoid; } tbody tr:nth-child(-n+2) { break-after: avoid; }
.number { text-align: right; font-variant-numeric: tabular-nums; } td.number { white-space: nowrap; }
td.number .many { white-space: normal; }
.flag { display: block; font-weight: 600; color: var(--mark); }
.number + :not(.number) { padding-left: .6rem; }
.id { color: var(--quiet); font-size: .85em; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } .figures td:last-child, .changes td:last-child { min-width: 14em; }
:lang(ja) :is(td, th) { word-break: auto-phrase; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; } .wide { overflow: visible; }
  h1 { font-size: 15pt; margin-top: 0; } h2 { font-size: 11pt; margin-top: 1.4rem; } p { max-width: none; }
  th, td { padding: .15rem .45rem .15rem 0; } table { margin-bottom: .8rem; }
  .figures, .changes { table-layout: fixed; } .figures thead th:nth-child(1) { width: 24%%; }
  .figures thead th:nth-child(2) { width: 8%%; } .figures thead th:nth-child(3) { width: 12%%; }
  .figures thead th:nth-child(4) { width: 11%%; } .figures thead th:nth-child(5) { width: 11%%; }
  .changes thead th:nth-child(1) { width: 25%%; } .changes thead th:nth-child(2) { width: 13%%; }
  .changes thead th:nth-child(3) { width: 13%%; } .changes thead th:nth-child(4) { width: 17%%; }
  .changes thead th:nth-child(5) { width: 11%%; }
  .figures td:last-child, .changes td:last-child { min-width: 0; } }
"""
_DASH = "–"


def page_of_audit(
    audit: "Audit", figures: "Figures", lang: str, floor: int, breaks: "pd.DataFrame | None" = None
) -> str:
    """The whole report as HTML in English or Japanese; `breaks` may hold reasons in that language."""
    figured = audit.table
    questions = figured.drop_duplicates(["survey", "wave", "edition", "question_id"])
    title, file = say(lang, "audit.title"), Path(audit.file).name
    head = say(lang, "audit.subtitle", file=file, figures=len(figured), questions=len(questions))
    many = {
        "known": int(figured["base"].notna().sum()),
        "open": int(figured["flag"].str.contains("ambiguous|unknown").sum()),
        "clash": int(figured["flag"].str.contains("stated base not").sum()),
        "cut": int(figured["flag"].str.contains("cut, not").sum()),
        "small": len(audit.small),
        "floor": floor,
    }
    level = say(lang, "unit.per_level", level=f"{100 * audit.level:g}")
    names = Names(_worded(figures, lang), lang)
    foot = f"{title} · {file}".replace("\\", "").replace('"', "'").replace("<", "")
    parts = [
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE % foot}</style></head><body><main><h1>{escape(title)}</h1><p>{escape(head)}</p>",
        f"<p>{escape(say(lang, 'audit.summary', **many))}</p>",
        _section(lang, "figures", _figures(audit, names, lang, level)),
        _section(lang, "sources", tell_sources(audit, names, lang)),
        _section(lang, "contrasts", tell_contrasts(audit, names, lang), note="contrasts_note"),
        _section(lang, "changes", tell_changes(audit, names, lang, breaks), note="changes_note"),
        _section(lang, "small", tell_small(audit, names, lang)),
        _section(lang, "editions", tell_editions(audit, names, lang)),
        _section(lang, "findings", "".join(_finding(lang, one) for one in audit.findings)),
        f"<h2>{escape(say(lang, 'audit.how'))}</h2><p>{escape(say(lang, 'audit.how_text', level=level))}</p>",
        "</main></body></html>\n",
    ]
    return straight_text("\n".join(parts))


def _worded(figures: "Figures", lang: str) -> "pd.DataFrame":
    """Figures by row, with gists in the language of the report where the yearly survey has them."""
    words = figures.frame.set_index("row")
    if lang == "en":
        return words
    from analysis import usual_wordings

    told = usual_wordings(lang)
    ids, options = words["question_id"], words["option_id"]
    gists = {
        "question_gist": zip(ids, [""] * len(ids), strict=True),
        "option_gist": zip(ids, options, strict=True),
    }
    return words.assign(
        **{
            name: [told.get(k, g) for k, g in zip(keys, words[name], strict=True)]
            for name, keys in gists.items()
        }
    )


def _finding(lang: str, finding: "Finding") -> str:
    told = say_finding(lang, (finding.found, finding.meaning, finding.do), file_alone(finding.where))
    return f'<p lang="{told.lang}">{escape(told.words)}</p>'


def _section(lang: str, key: str, body: str, note: str = "") -> str:
    said = f"<p>{escape(say(lang, f'audit.{note}'))}</p>" if note and body else ""
    shown = body or f"<p>{escape(say(lang, 'audit.none'))}</p>"
    return f"<h2>{escape(say(lang, f'audit.{key}'))}</h2>{said}{shown}"


def _gates(words: "pd.DataFrame", lang: str) -> dict[str, str]:
    """Answers that lead to a question (`q = yes`), in the wording of the printed figures."""
    parts = words[["question_id", "option_id", "question_gist", "option_gist"]].drop_duplicates()
    return {
        f"{q} = {o}": say(lang, "audit.gate", question=question, option=option)
        for q, o, question, option in parts.itertuples(index=False)
        if question and option
    }


def _figures(audit: "Audit", names: Names, lang: str, level: str) -> str:
    sentences = {
        k.removeprefix("audit_reason."): v
        for k, v in catalogue(lang).items()
        if k.startswith("audit_reason.")
    }
    gates = _gates(names.words, lang)
    rows: list[str] = []
    last: tuple[str, ...] = ()
    before = ""
    for figure in audit.table.to_dict(orient="records"):
        at, place = figure["row"], tuple(figure[k] for k in ("survey", "wave", "edition", "question_id"))
        if place != last:
            last, before = place, ""
            told = (place[0], place[1], names.edition(str(place[2] or "")))
            rows.append(group(6, *(escape(p) for p in told if p), names.at(at, "question")))
        why = _why(audit.reasons[at], lang, sentences, gates)
        said = say(lang, "audit.as_above") if why and why == before else why
        rows.append(_figure(figure, said, names.at(at, "option"), lang))
        before = why
    heads = ("answer", "printed", "count", "interval", "rounding", "remark")
    return table(lang, "figures", heads, rows, (1, 2, 3), level=level)


def _why(reasons: "tuple[Reason, ...]", lang: str, words: Mapping[str, str], gates: Mapping[str, str]) -> str:
    """Why a figure is read so, in sentences."""
    told = [{k: _valued(lang, k, v, gates) for k, v in r.values.items()} for r in reasons]
    return say(lang, "audit.join").join(
        words[r.code].format(**given) for r, given in zip(reasons, told, strict=True)
    )


def _figure(figure: "dict[Hashable, Any]", why: str, named: str, lang: str) -> str:
    """One printed percent: what is behind it, and why it is read so."""
    base = _blank(figure["base"])
    bases = bases_words(lang, str(figure["feasible_bases"] or ""))
    of = f"{_blank(figure['count']) or _DASH} / {base or bases}" if base or bases else _DASH
    digits = 0 if base and int(base) < 200 else 1
    low, high = figure["low"], figure["high"]
    interval = _DASH if low != low else f"{100 * low:.{digits}f}–{100 * high:.{digits}f}"
    by = say(lang, f"rounding.{figure['rounding'].replace(' ', '_')}") if figure["rounding"] else _DASH
    flag = f'<span class="flag">{flags(lang, figure["flag"])}</span>' if figure["flag"] else ""
    return row(
        named,
        escape(figure["printed"]),
        escape(of) if base or not bases else f'<span class="many">{escape(of)}</span>',
        interval,
        escape(by),
        f"{flag}{escape(why)}",
        numbers=(1, 2, 3),
    )


def _valued(lang: str, key: str, value: object, gates: Mapping[str, str]) -> object:
    """A value of a reason as its sentence says it."""
    if key == "gate":
        return gates.get(str(value), value)
    return bases_words(lang, str(value)) if key == "feasible" else value


def _blank(number: object) -> str:
    """A whole number as text, "" where it is missing."""
    return "" if str(number) in ("<NA>", "nan", "None") else str(number)
