"""`[[clean]]` of `study.toml`: which rules run on which questions, why, and by whose decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.coding import code_text
from survey.faults import FileFault, StudyFault, nearest
from survey.missing import REASONS
from survey.paths import near_path
from survey.study import Study

__all__ = ["STEP_RULES", "CleanStep", "clean_steps"]

STEP_RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "recode": (("question", "codes"), ()),
    "set_missing": (("question", "missing"), ("codes", "code")),
    "merge_duplicates": ((), ("id", "keep")),
    "harmonise_country": (("question",), ()),
    "harmonise_sector": (("question",), ("table",)),
    "harmonise_currency": (("question", "currency", "to", "rates"), ()),
    "winsorise": (("question",), ("low", "high", "min", "max")),
    "drop": ((), ("firms", "id")),
    "correct": (("who",), ("firm", "question", "before", "value", "table", "id")),
}
"""Rule to the keys it must have and those it may have, beside `rule`, `reason`, `who`, `where`, `waves`."""

_ALL = ("rule", "reason", "who", "where", "waves")
_FILES = ("table", "rates")
_NUMBERS = ("low", "high", "min", "max")
_LISTS = ("question", "firms", "codes")
KEEP = ("first", "last", "fullest")


@dataclass(frozen=True, slots=True)
class CleanStep:
    """One rule of a study, checked.

    Attributes
    ----------
    rule, reason, who, where : str
        Name of the rule, why it runs, who decided it, rows it is for (an expression).
    waves : tuple[str, ...]
        Waves it is for; empty for all.
    place : str
        Where it stands, for messages.
    own : Mapping[str, Any]
        Keys of this rule; files as paths.
    """

    rule: str
    reason: str
    who: str = ""
    where: str = ""
    waves: tuple[str, ...] = ()
    place: str = "[[clean]]"
    own: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, key: str) -> tuple[str, ...]:
        """Names or codes under a key, one or several."""
        value = self.own.get(key, ())
        many = value if isinstance(value, list | tuple) else [value]
        return tuple(code_text(v) for v in many)

    def text(self, key: str, default: str = "") -> str:
        """The text under a key."""
        return code_text(self.own[key]) if key in self.own else default


def clean_steps(study: Study) -> tuple[CleanStep, ...]:
    """The `[[clean]]` rules of a study, in its order.

    Raises
    ------
    StudyFault
        An unknown rule or key, a key that is missing, a wrong type, no reason.
    FileFault
        A table that does not exist.
    """
    entries = study.clean
    if not isinstance(entries, list | tuple) or not all(isinstance(e, Mapping) for e in entries):
        raise StudyFault(
            study.place("clean"), repr(entries)[:80], "rules under [[clean]]", "begin each with [[clean]]"
        )
    return tuple(_step(study, i, entry) for i, entry in enumerate(entries))


def _step(study: Study, i: int, entry: Mapping[str, Any]) -> CleanStep:
    def fault(key: str, found: str, expected: str, do: str) -> StudyFault:
        dotted = f"clean.{i}.{key}"
        at = dotted if dotted in study.lines or f"clean.{i}" not in study.lines else f"clean.{i}"
        return StudyFault(study.place(at), found, expected, do)

    rule = entry.get("rule")
    if rule not in STEP_RULES:
        raise fault(
            "rule",
            repr(rule) if rule else "no rule",
            "one of: " + ", ".join(STEP_RULES),
            nearest(str(rule or ""), tuple(STEP_RULES)),
        )
    needed, may = STEP_RULES[rule]
    known = tuple(dict.fromkeys((*_ALL, *needed, *may)))
    for key, value in entry.items():
        if key not in known:
            raise fault(
                key, f"unknown key {key!r} of {rule}", "one of: " + ", ".join(known), nearest(key, known)
            )
        _check(key, value, rule, fault)
    for key in ("reason", *needed):
        if entry.get(key) in (None, "", [], {}):
            raise fault(key, f"{rule} without {key}", f"{key} of the rule", f"write  {key} = ...")
    own = {k: v for k, v in entry.items() if k not in _ALL}
    if rule in ("merge_duplicates", "drop", "correct"):
        own.setdefault("id", study.design.id)
    for key in _FILES:
        if key in own:
            file = study.folder / own[key]
            if not file.is_file():
                where = study.place(f"clean.{i}.{key}")
                raise FileFault(where, f"no file {own[key]!r}", "a file beside study.toml", near_path(file))
            own[key] = Path(file)
    waves = entry.get("waves", [])
    waves = tuple([waves] if isinstance(waves, str) else waves)
    names = tuple(w.name for w in study.waves)
    for name in waves:
        if name not in names:
            raise fault("waves", f"no wave {name!r}", "names of waves", nearest(name, names))
    return CleanStep(
        rule,
        entry["reason"],
        entry.get("who", ""),
        entry.get("where", ""),
        waves,
        f"{study.place(f'clean.{i}.rule')} ({rule})",
        own,
    )


def _check(key: str, value: Any, rule: str, fault: Any) -> None:
    """One value of the right type, or a fault."""
    is_code = isinstance(value, str | int | float) and not isinstance(value, bool)
    if key == "codes" and rule == "recode":
        plain = (str, int, float)
        fits = isinstance(value, Mapping) and all(isinstance(v, plain) for v in value.values())
        if not fits:
            raise fault(key, repr(value)[:80], "old codes and new ones", 'write  codes = { "9" = "1" }')
    elif key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise fault(key, repr(value)[:80], "a number", f"write  {key} = 0.05")
        if key in ("low", "high") and not 0 <= value <= 1:
            raise fault(key, repr(value), "a share of the firms, from 0 to 1", "write  low = 0.01")
    elif key in _LISTS or key == "waves":
        if not is_code and not (
            isinstance(value, list) and all(isinstance(v, str | int | float) for v in value)
        ):
            raise fault(key, repr(value)[:80], "a name, or a list of names", f'write  {key} = ["..."]')
    elif key in ("code", "firm", "value", "before"):
        if not is_code:
            raise fault(key, repr(value)[:80], "a code, text or number", f'write  {key} = "..."')
    elif not isinstance(value, str):
        raise fault(key, repr(value)[:80], "a text in quotes", f'write  {key} = "..."')
    if key == "missing" and value not in REASONS:
        raise fault(key, repr(value), "one of: " + ", ".join(REASONS), nearest(value, tuple(REASONS)))
    if key == "keep" and value not in KEEP:
        raise fault(key, repr(value), "one of: " + ", ".join(KEEP), nearest(value, KEEP))
