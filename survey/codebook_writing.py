"""A codebook written down as `codebook.toml`, so that reading it back gives the same codebook."""

from typing import Any

from survey.codebook import Choice, Codebook, MissingCode
from survey.codebook_file import CODEBOOK_SCHEMA
from survey.toml_file import toml_key, toml_value

__all__ = ["codebook_text"]


def codebook_text(codebook: Codebook, *, whole: bool = False) -> str:
    """A codebook as the text of a `codebook.toml`, which read back gives the same codebook.

    `whole` also writes that there are no choices and no missing codes, for a file that may be
    taken to have some.
    """
    lines = [f"schema = {CODEBOOK_SCHEMA}"]
    languages = [lang for lang in codebook.languages if lang]
    if languages:
        lines.append(f"languages = {toml_value(languages)}")
    for question in codebook.questions:
        lines += ["", f"[questions.{toml_key(question.id)}]", f"kind = {toml_value(question.kind)}"]
        if question.columns != (question.id,):
            lines.append(f"columns = {toml_value(question.columns)}")
        if question.label:
            lines.append(f"label = {toml_value(question.label)}")
        for key in ("role", "counted", "asked_if", "unit", "concept", "version"):
            value = getattr(question, key)
            if (
                value
                and not (key == "role" and value == "question")
                and not (key == "concept" and value == question.id)
            ):
                lines.append(f"{key} = {toml_value(value)}")
        if whole and not question.counted:
            lines.append('counted = ""')
        if question.break_reason:
            lines.append(f"break = {toml_value(question.break_reason)}")
        lines += _list("choices", [_choice_table(c) for c in question.choices], whole)
        lines += _list("missing", [_missing_table(m) for m in question.missing], whole)
        nets = {
            net: {"codes": codes, "label": question.net_labels.get(net, {})}
            for net, codes in question.nets.items()
        }
        if nets:
            lines.append(f"nets = {toml_value(nets)}")
    return "\n".join(lines) + "\n"


def _list(key: str, tables: list[dict[str, Any]], whole: bool) -> list[str]:
    if not tables:
        return [f"{key} = []"] if whole else []
    return [f"{key} = [", *(f"  {toml_value(t)}," for t in tables), "]"]


def _choice_table(choice: Choice) -> dict[str, Any]:
    table: dict[str, Any] = {"code": choice.code}
    for key in ("label", "column", "low", "high"):
        value = getattr(choice, key)
        if value not in ({}, "", None):
            table[key] = value
    return table


def _missing_table(code: MissingCode) -> dict[str, Any]:
    ends: dict[str, Any] = (
        {"code": code.low} if code.low == code.high else {"low": code.low, "high": code.high}
    )
    return {**ends, "reason": code.reason} | ({"label": code.label} if code.label else {})
