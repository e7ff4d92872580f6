"""Columns that tell who a respondent is: names, mail, addresses, telephone, IP numbers."""

import re
from itertools import pairwise

import pandas as pd

from survey.codebook import Question

__all__ = ["private_kind"]

_WORDS = {
    "e-mail addresses": {"email", "mail", "emails"},
    "IP addresses": {"ipaddress", "ipaddr"},
    "telephone numbers": {"phone", "tel", "telephone", "mobile", "fax"},
    "addresses": {"address", "addr", "street", "postcode", "zipcode"},
    "names": {"name", "names", "surname", "firstname", "lastname", "fullname", "forename"},
}
_JAPANESE = {
    "e-mail addresses": ("メール",),
    "telephone numbers": ("電話", "ファックス"),
    "addresses": ("住所", "所在地", "郵便番号"),
    "names": ("氏名", "名前", "お名前", "会社名", "企業名", "社名", "担当者名"),
}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){3,7}")
_SHORT = 40


def private_kind(question: Question, column: pd.Series) -> str:
    """What a column tells of a person or firm, in words, or "" if it seems to tell nothing.

    Decided by its cells (e-mail and IP addresses), and for free text by the words of its name and
    of a short label.
    """
    if question.role not in ("question", "set_aside") or len(question.columns) != 1:
        return ""
    texts = column.dropna()
    if isinstance(column.dtype, pd.StringDtype) and len(texts):
        for kind, pattern in (("e-mail addresses", _MAIL), ("IP addresses", _IP)):
            if texts.str.strip().str.fullmatch(pattern).mean() > 0.5:
                return kind
    if question.kind not in ("text", "number"):
        return ""
    said = [question.id, *(text for text in question.label.values() if len(text) <= _SHORT)]
    words = {word for text in said for word in _split(text)}
    joined = " ".join(said)
    for kind, known in _WORDS.items():
        if question.kind == "number" and kind != "telephone numbers":
            continue
        if words & known or any(word in joined for word in _JAPANESE.get(kind, ())):
            return kind
    return ""


def _split(text: str) -> list[str]:
    """Words of a name: `lastName`, `e_mail`, `ip_address` give their parts, and pairs joined."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)
    low = [part.lower() for part in parts]
    return [*low, *(a + b for a, b in pairwise(low))]
