"""Parts of the Ledger beside the cells: meanings of codes that changed, and how weights turned out."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from dashboard.command.ledger_words import both, drawn_table, heading_row

if TYPE_CHECKING:
    from survey import Meaning, Weighted

__all__ = ["meanings_part", "weights_part"]


def meanings_part(meanings: "tuple[Meaning, ...]") -> str:
    """A table of what each rule did to the codebook; "" where none did anything."""
    rows = [
        f"<tr><td>{escape(meaning.question).replace('_', '_<wbr>')}</td><td>{part}</td>"
        f"<td>{before}</td><td>{after}</td><td>{escape(meaning.reason)}</td><td>{escape(meaning.who)}</td></tr>"
        for meaning in meanings
        if meaning.before
        for part, before, after in _parts(meaning)
    ]
    if not rows:
        return ""
    head = heading_row("question", "part", "gone", "new", "why", "who")
    return f"<h2>{both('meanings')}</h2>{drawn_table(head, rows)}"


def _parts(meaning: "Meaning") -> list[tuple[str, str, str]]:
    """Each field that changed, what it said no longer, and what it says anew."""
    parts = []
    for name, after in meaning.after.items():
        before = meaning.before[name]
        title = {"choices": both("choices"), "missing": both("missing_codes"), "unit": both("unit")}.get(
            name, escape(name)
        )
        if isinstance(after, list):
            gone = [one for one in before if one not in after]
            new = [one for one in after if one not in before]
            parts.append((title, _entries(gone), _entries(new)))
        else:
            parts.append((title, escape(str(before)), escape(str(after))))
    return parts


def _entries(entries: list[Any]) -> str:
    """Choices or missing codes, one a line."""
    return "<br>".join(escape(_entry(one)) for one in entries)


def _entry(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    codes = list(dict.fromkeys(str(entry[k]) for k in ("code", "low", "high") if entry.get(k) is not None))
    if "reason" in entry:
        codes = [c.removesuffix(".0") for c in codes]
        return f"{'–'.join(codes)}: {entry['reason']}"
    label = " / ".join(dict.fromkeys(text for text in entry.get("label", {}).values() if text))
    return f"{codes[0]} {label}".strip()


def weights_part(made: "Weighted | None") -> str:
    """Diagnostics of the weights and every category of every margin; "" where nothing was weighed."""
    if made is None:
        return ""
    used = int((made.weight != 0).sum())
    way = both(made.method) if made.method else both("response")
    facts = {
        "method": way,
        "total": _number(float(made.weight.sum())),
        "smallest": f"{_number(made.smallest)} – {_number(made.largest)}",
        "effect": f"{made.design_effect:.3f}",
        "worth": f"{used / made.design_effect:.1f} ({used})",
        "unmatched": str(len(made.unmatched)),
    }
    if made.margins:
        most = max(abs(met.after - met.wanted) for met in made.margins)
        facts["missed"] = f"{most:.2g}"
    told = "".join(f"<dt>{both(key)}</dt><dd>{text}</dd>" for key, text in facts.items())
    return f"<h2>{both('weights')}</h2><dl>{told}</dl>{_margins(made)}<p>{both('each')}</p>"


def _margins(made: "Weighted") -> str:
    if not made.margins:
        return ""
    numbers = ("firms", "wanted", "weighted_before", "weighted_after")
    head = heading_row("margin", "category", *numbers, "source", numbers=numbers)
    rows = [
        f"<tr><td>{escape(met.margin)}</td><td>{escape(met.category)}</td>"
        f'<td class="number">{met.firms}</td>'
        + "".join(f'<td class="number">{_number(v)}</td>' for v in (met.wanted, met.before, met.after))
        + f"<td>{escape(met.source)}, {escape(met.date)}</td></tr>"
        for met in made.margins
    ]
    return f"<h3>{both('margins')}</h3>{drawn_table(head, rows)}"


def _number(value: float) -> str:
    """A number for a person: no digits that a margin does not have, thousands set apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
