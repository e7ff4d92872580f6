"""What everybody knows of a questionnaire: which answers are parts of which, and who is asked what."""

import re
from dataclasses import dataclass

import pandas as pd

from analysis.attack.taking import Taken

__all__ = ["Asked", "questions_of"]

_ONE_GATE = re.compile(r"^\s*`?([^`=\s]+)`?\s*==\s*['\"]?([^'\"\s]+)['\"]?\s*$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the Release describes it.

    Attributes
    ----------
    question : str
    is_single : bool
        Whether a firm gives one answer, so that answers add up.
    options : tuple[str, ...]
        Answers, without nets.
    nets : dict[str, tuple[str, ...]]
        Net to the answers it adds up, those known.
    gate : tuple[str, str]
        Question and answer that let a firm through; two empty words where all are asked, or by another rule.
    """

    question: str
    is_single: bool
    options: tuple[str, ...]
    nets: dict[str, tuple[str, ...]]
    gate: tuple[str, str]


def questions_of(taken: Taken, evidence: pd.DataFrame) -> dict[str, Asked]:
    """Every question of the evidence, by id.

    Parts of a net stand in the table `questions` (`nets`); without it none are known.
    """
    about = taken.tables.get("questions", pd.DataFrame(columns=["question"])).set_index("question")
    wording = taken.tables.get("wording", pd.DataFrame(columns=["kind", "question", "option"]))
    named = wording[wording["kind"] == "net"]
    nets_of = named.groupby("question", sort=False)["option"].agg(lambda o: list(dict.fromkeys(o))).to_dict()
    found = {}
    for question, rows in evidence.groupby("question", sort=False):
        options = list(dict.fromkeys(rows["option"]))
        nets = [net for net in nets_of.get(question, []) if net in options]
        plain = tuple(option for option in options if option not in nets)
        kind = str(about["kind"].get(question, "single")) if "kind" in about else "single"
        if str(question).startswith("printed:"):
            kind = _printed_kind(taken, str(question))
        stated = str(about["nets"].get(question, "")) if "nets" in about else ""
        parts = _stated(stated)
        gate = _ONE_GATE.match(str(about["asked_if"].get(question, ""))) if "asked_if" in about else None
        found[str(question)] = Asked(
            str(question),
            kind == "single",
            plain,
            {net: parts.get(net, ()) for net in nets},
            (gate.group(1), gate.group(2)) if gate else ("", ""),
        )
    return found


def _stated(text: str) -> dict[str, tuple[str, ...]]:
    """`net=a;b|other=c;d` as a mapping."""
    pairs = [part.partition("=") for part in text.split("|") if part]
    return {net: tuple(parts.split(";")) for net, _, parts in pairs}


def _printed_kind(taken: Taken, question: str) -> str:
    """Whether a printed question takes one answer, as the figures say."""
    table = taken.tables.get("published", pd.DataFrame(columns=["question_id"]))
    is_this = (table["question_id"] == question.partition(":")[2]).to_numpy()
    said = list(table["multi_response"].to_numpy()[is_this]) if "multi_response" in table else []
    return "single" if len(said) and all(str(word).lower() == "no" for word in said) else "multiple"
