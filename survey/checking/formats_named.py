"""Columns of a SAS table whose labels stand in a catalogue that was never given."""

from survey.checking.seen import Seen
from survey.faults import Finding

__all__ = ["labels_in_a_catalogue"]

_SHOWN = 5


def labels_in_a_catalogue(seen: Seen) -> list[Finding]:
    """A finding where columns name formats of the user, and neither catalogue nor codebook has labels."""
    named = seen.wave.notes.get("formats_without_labels", "")
    bare: list[str] = []
    for entry in named.split(", ") if named else []:
        column = entry.rpartition(" ")[0]
        questions = [q for q in seen.wave.codebook.questions if column in q.columns]
        labels = [c.label for q in questions for c in q.choices]
        labels += [c.label for q in questions for c in q.missing]
        if not any(text for label in labels for text in label.values()):
            bare.append(entry)
    if not bare:
        return []
    return [
        Finding(
            seen.wave.origin.path,
            f"labels of {len(bare)} columns are in a SAS catalogue that was not given "
            f"({', '.join(bare[:_SHOWN])}{' ...' if len(bare) > _SHOWN else ''})",
            "Their codes have no labels.",
            'Write  instrument = "formats.sas7bcat"  under [[waves]], or the labels in codebook.toml.',
        )
    ]
