"""Texts read in the wrong encoding: `Ã©` for é, `縺ゅ` or `ã‚` for kana, and characters that were lost."""

import re

import pandas as pd

from survey.checking.seen import Seen
from survey.faults import Finding

__all__ = ["garbled", "garbled_texts"]

_SIGNS = re.compile(
    "\ufffd"  # lost already
    "|[\xc2-\xc5][\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"  # letters, UTF-8 as cp1252
    "|[\xe2-\xe9][\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2}"  # kana and signs likewise
    "|(?:[縺繧繝].?){3}|[縺繧繝][\uff61-\uff9f]"  # UTF-8 as Shift-JIS: kana
    "|(?:[\u4e00-\u9fff][\uff61-\uff9f]){2}(?![\uff61-\uff9f])"  # and kanji
    "|(?:[\x81-\x9f\x82\x83][\x40-\xfc]){2}"  # Shift-JIS as Latin-1
)


def garbled(texts: pd.Series) -> pd.Series:
    """Which texts show signs of a wrong encoding, same index."""
    return texts.astype("str").str.contains(_SIGNS.pattern, regex=True, na=False)


def garbled_texts(seen: Seen) -> list[Finding]:
    """Columns and labels with such texts, with how many rows hold them."""
    findings: list[Finding] = []
    book = seen.wave.codebook
    labels: dict[str, str] = {}
    for question in book.questions:
        said = [question.id, *question.label.values()]
        said += [text for choice in question.choices for text in (choice.code, *choice.label.values())]
        labels |= {f"{question.id}\0{text}": text for text in said}
    if labels:
        hit = garbled(pd.Series(labels))
        names = list(dict.fromkeys(key.split("\0")[0] for key in hit.index[hit]))
        if names:
            text = labels[str(hit.index[hit][0])]
            findings.append(
                _finding(f"labels of question {', '.join(names[:5])}", f"{int(hit.sum())} texts", text)
            )
    for name in seen.wave.frame.columns:
        column = seen.wave.frame[name]
        if not isinstance(column.dtype, pd.StringDtype) and column.dtype != object:
            continue
        texts = pd.Series([v for v in pd.unique(column.dropna()) if isinstance(v, str)], dtype="str")
        odd = texts[garbled(texts)] if len(texts) else texts
        if len(odd):
            rows = int(column.isin(odd.tolist()).sum())
            findings.append(_finding(f"column {name}", f"{rows} row{'s' if rows > 1 else ''}", odd.iloc[0]))
    return findings


def _finding(where: str, many: str, text: str) -> Finding:
    return Finding(
        where,
        f"{many} read in the wrong encoding, such as {text[:30]!r}",
        "The text was garbled before the file reached us, or by the reader.",
        "Export the file again as UTF-8.",
    )
