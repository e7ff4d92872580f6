"""Why a figure is read as it is: reasons as codes with their numbers, and as English sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["REASONS", "Reason", "as_text"]

REASONS: Mapping[str, str] = {
    "leak": "leak: {n} firms answered, {counts} had answered {gate}",
    "narrowed": "base narrowed: it must be a count of {gate}",
    "same_as_gate": "as many firms as answered {gate}",
    "unreachable": "no counts of {stated} firms print as these figures",
    "claimed": "{feasible} fit; the source gives {stated} for all its figures",
    "claimed_elsewhere": "the source gives {stated} for all its figures; {feasible} fit",
    "claimed_cut": "the source gives {stated} for all its figures, which must then be cut; {feasible} fit",
    "claimed_mixed": "the source gives {stated} for all, some then cut, some rounded; {feasible} fit",
    "no_base": "no base up to {most} prints all these figures",
    "cut": "only digits dropped print these figures",
    "mixed": "some figures are cut, others rounded",
    "bound": "bases above the respondents of another edition were not looked for",
    "stated_beside": "base stated for another answer of this question",
    "several": "{low} to {high} firms print so",
    "same": "the same number; row {row} prints {printed}",
    "rounding": "the same share, rounded to fewer digits; row {row} prints {printed}",
    "dropped": "the same share, digits dropped; row {row} prints {printed}",
    "loose": "the same share to the nearest five or ten; row {row} prints {printed}",
    "complement": "100 minus the other: the share that did not; row {row} prints {printed}",
    "swapped": "the other's digits in another order; row {row} prints {printed}",
    "misprint": "a number that no rounding of the other gives; row {row} prints {printed}",
    "words": "the source gives it in words only",
    "over_100": "a percent over 100 is no share",
    "no_number": "no number can be read",
    "left_out": "marked as not usable",
}
"""Code of a reason to its sentence; the words in braces are its values."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code of `REASONS` and the values of its sentence."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def as_text(reasons: Sequence[Reason], sentences: Mapping[str, str] = REASONS, joint: str = "; ") -> str:
    """Reasons as one text, in the words of `sentences` (code to sentence)."""
    return joint.join(sentences[r.code].format(**r.values) for r in reasons)
