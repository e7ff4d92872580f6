"""What a reader of printed tables must know: base, weight, target, interval, letters, printing."""

from typing import TYPE_CHECKING

from dashboard.command.book_words import said, said_list

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Comparison
    from survey import Design, Study, Wave

__all__ = ["interval_note", "notes_for"]

_REMARKS = ("fixed by design", "leak", "if silence were random", "silent omitted", "no df")


def notes_for(
    estimates: "pd.DataFrame",
    wave: "Wave",
    study: "Study",
    design: "Design",
    lang: str,
    comparison: "Comparison | None" = None,
) -> list[tuple[str, str]]:
    """Pairs of heading and text, in the order they are printed.

    Parameters
    ----------
    estimates : pandas.DataFrame
        The tables, with the columns of the contract.
    design : Design
        The design the estimates were made with, its target included.
    comparison : Comparison or None
        How columns were compared; None where they were not.
    """
    colon, gap = ("：", "；") if lang == "ja" else (": ", "; ")
    rules = [
        r for r in ("answered", "routed", "returned", "responses") if (estimates["base_rule"] == r).any()
    ]
    target = design.target or ("firms" if design.population else "mechanism")
    flags = {word for flag in set(estimates["flag"]) for word in str(flag).split(";")}
    many = f"{len(wave):,}"
    notes = [
        ("study", said("study text", lang, study=study.title.get(lang) or study.id, wave=wave.name, n=many)),
        ("file", f"{wave.origin.path} ({wave.origin.format}), sha256 {wave.origin.sha256}"),
        ("bases", gap.join(f"{rule}{colon}{said(rule, lang)}" for rule in rules)),
        ("weight", _weight(wave, design.weight, lang)),
        ("target", said(target, lang)),
        ("interval", interval_note(estimates, lang)),
    ]
    if comparison is not None and (estimates["by"] != "").any():
        key = "arrows text" if comparison.test == "displayr_exceptions" else "letters text"
        told = {"test": said(comparison.test, lang), "adjust": said(comparison.correction, lang)}
        notes.append(("letters", said(key, lang, **told, alpha=comparison.alpha, fewest=comparison.fewest)))
    if any(word in flags for word in _REMARKS):
        notes.append(("remarks", gap.join(said(word, lang) for word in _REMARKS if word in flags)))
    notes.append(("printing", said("printing text", lang)))
    if study.synthetic:
        notes.insert(0, ("note", said("synthetic", lang)))
    return [(said(key, lang), text) for key, text in notes]


def interval_note(estimates: "pd.DataFrame", lang: str) -> str:
    """Level and methods of all intervals of some tables."""
    levels = sorted(set(estimates["level"].dropna()))
    methods = sorted({str(m) for m in estimates["method"].dropna() if m})
    return ("；" if lang == "ja" else "; ").join(
        said("interval text", lang, level=100 * level, methods=said_list(methods, lang)) for level in levels
    )


def _weight(wave: "Wave", column: str, lang: str) -> str:
    """Which weights were used, and what made them."""
    made = wave.weighted
    if made is None:
        return column or said("no weight", lang)
    margins = dict.fromkeys(f"{m.margin} ({m.source}, {m.date})" for m in made.margins)
    how = f"{made.method}: {', '.join(margins)}" if margins else made.method
    return f"{how}; {made.smallest:.4g} - {made.largest:.4g}, deff {made.design_effect:.2f}"
