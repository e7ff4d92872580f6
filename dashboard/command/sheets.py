"""Tables of estimates as a reader meets them: one part a question, in words, with what must be said of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.command.outputs import SYNTHETIC

if TYPE_CHECKING:
    import pandas as pd

    from survey import Study, Wave

__all__ = ["PRINTED", "Sheet", "decimals", "notes_for", "sheets_for"]

PRINTED = (
    "option",
    "label",
    "by",
    "group",
    "group_label",
    "n",
    "base",
    "count",
    "estimate",
    "low",
    "high",
    "se",
    "method",
    "flag",
)
"""Columns of a printed part, in order; the CSV holds the rest."""

_NOTHING, _COUNTS, _WHOLE = 10, 30, 200
"""Firms under which a printed table holds no number, a count for a share, whole percents."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question of a book of tables.

    Attributes
    ----------
    question, title : str
        Id and wording.
    table : pandas.DataFrame
        Columns `PRINTED` and `stat`, thinned by the print rules.
    """

    question: str
    title: str
    table: "pd.DataFrame"


def sheets_for(estimates: "pd.DataFrame", wave: "Wave", lang: str) -> list[Sheet]:
    """One part for each question, in the order of the table, with wordings beside the codes."""
    from survey import words

    labels: dict[tuple[str, str], str] = {}
    titles: dict[str, str] = {}
    for q in wave.codebook.questions:
        titles[q.id] = words(q.label, lang, q.id)
        labels |= {(q.id, c.code): words(c.label, lang, c.code) for c in q.choices}
        labels |= {(q.id, net): words(q.net_labels.get(net, {}), lang, net) for net in q.nets}
    sheets = []
    for question, rows in estimates.groupby("question", sort=False, observed=True):
        table = rows.assign(
            label=[labels.get((str(question), code), "") for code in rows["option"]],
            group_label=[labels.get(pair, "") for pair in zip(rows["by"], rows["group"], strict=True)],
        )
        sheets.append(Sheet(str(question), titles.get(str(question), str(question)), _thin(table)))
    return sheets


def decimals(n: float, is_share: bool) -> int:
    """Digits after the point that a printed number keeps: whole percents under 200 firms."""
    return (2 if n < _WHOLE else 3) if is_share else 4


def _thin(table: "pd.DataFrame") -> "pd.DataFrame":
    """The rows as they may be printed: nothing under 10 firms, counts for shares under 30."""
    n, is_share = table["n"].to_numpy(dtype=float), (table["stat"] == "share").to_numpy()
    thin = table.assign(count=(table["estimate"] * table["base"]).where(is_share))
    for column in ("count", "estimate", "low", "high", "se"):
        thin[column] = thin[column].mask(n < _NOTHING)
    thin["estimate"] = thin["estimate"].mask(is_share & (n < _COUNTS))
    return thin[[*PRINTED, "stat"]].reset_index(drop=True)


def _weight(wave: "Wave", column: str) -> str:
    """Which weights were used, and what made them."""
    made = wave.weighted
    if made is None:
        return column or "none"
    margins = dict.fromkeys(f"{m.margin} ({m.source}, {m.date})" for m in made.margins)
    how = f"{made.method} to {', '.join(margins)}" if margins else "non-response"
    lost = f"; {len(made.unmatched)} firms without an answer to a margin" if made.unmatched else ""
    spread = f"from {made.smallest:.4g} to {made.largest:.4g}, design effect {made.design_effect:.2f}"
    return f"made here: {how}; {spread}{lost}"


def notes_for(estimates: "pd.DataFrame", wave: "Wave", study: "Study") -> list[tuple[str, str]]:
    """What a reader of the tables must know, as pairs of heading and text."""
    design = study.design
    rules = {
        "answered": "firms that answered the question",
        "routed": "firms known to have been asked or routed away",
        "returned": "all returned questionnaires; silence counts as not ticked",
    }
    used = ", ".join(
        f"{rule}: {rules[rule]}" for rule in sorted(set(estimates["base_rule"])) if rule in rules
    )
    notes = [
        ("Study", f"{study.id}, wave {wave.name}, {len(wave)} firms"),
        ("File", f"{wave.origin.path} ({wave.origin.format}), sha256 {wave.origin.sha256}"),
        ("Base", used),
        ("Weight", _weight(wave, design.weight)),
        ("Interval", ", ".join(sorted({m for m in estimates["method"] if m}))),
        ("Level", ", ".join(f"{level:g}" for level in sorted(set(estimates["level"].dropna())))),
        ("Shares", "run from 0 to 1; n counts firms, base and count are weighted where there is a weight"),
        (
            "Printing",
            f"nothing under {_NOTHING} firms; under {_COUNTS} a count stands for the share; "
            f"under {_WHOLE} shares are shown to two digits. The CSV holds every number in full.",
        ),
    ]
    return [*([("Synthetic", SYNTHETIC)] if study.synthetic else []), *notes]
