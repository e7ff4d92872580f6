"""Waves as hypothesis makes them: odd names, several languages, reasons, sets, dates, mixed columns."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from survey import REASONS, Choice, Codebook, MissingCode, Origin, Question, Wave

NAMES = st.one_of(
    st.sampled_from(
        [
            "売上 高",
            "all",
            "_n",
            "a b",
            "a_b",
            "A B",
            "1st",
            "x" * 70,
            "x" * 69 + "y",
            "選択。",
            "api.stu",
            "$q",
        ]
    ),
    st.text(alphabet="abzAé売_. -$1'\"", min_size=1, max_size=12).filter(lambda t: t.strip()),
)
TEXTS = st.text(alphabet="abc 12'\"日本、;=", min_size=1, max_size=9).map(lambda t: t.strip() or "a")
REASON = st.sampled_from(sorted(REASONS))


@st.composite
def labels(draw: Any) -> dict[str, str]:
    return draw(
        st.sampled_from(
            [{}, {"en": "size", "ja": "規模"}, {"ja": "規模"}, {"en": "long " * 80, "ja": "長い" * 99}]
        )
    )


@st.composite
def coded(draw: Any, n: int) -> tuple[pd.Series, tuple[Choice, ...], tuple[MissingCode, ...]]:
    """Numbers 1 to 3, some of them missing codes: single ones, a range, or letters of Stata."""
    codes = draw(
        st.sampled_from([[97.0, 98.0, 99.0], [-9.0, 8.0, 97.0, 98.0, 99.0], [".a", ".r"], [99.0, "NA"], []])
    )
    missing = [MissingCode(c, c, draw(REASON), draw(labels())) for c in codes]
    if draw(st.booleans()):
        missing.append(MissingCode(900.0, 999.0, "withheld"))
        codes = [*codes, 901.0, 950.0]
    pool = [1.0, 2.0, 2.5, np.nan, *codes]
    cells = draw(st.lists(st.sampled_from(pool), min_size=n, max_size=n))
    texts = any(isinstance(c, str) for c in cells)
    choices = tuple(Choice(c, draw(labels())) for c in ("1", "2", "2.5", "3"))
    return pd.Series(cells, dtype=object if texts else float), choices, tuple(missing)


@st.composite
def columns(draw: Any, name: str, n: int) -> tuple[list[tuple[str, pd.Series]], Question]:
    """One question with its columns."""
    kind = draw(st.sampled_from(["single", "number", "text", "date", "binary", "word", "ticks", "mentions"]))
    more: dict[str, Any] = {"label": draw(labels()), "concept": draw(st.sampled_from([name, "idea"]))}
    if kind in ("single", "number"):
        column, choices, missing = draw(coded(n))
        choices = choices if kind == "single" else ()
        more["nets"] = {"low": ("1", "2")} if choices else {}
        more["net_labels"] = {net: {"en": "low"} for net in more["nets"]}
        more["unit"] = draw(st.sampled_from(["", "JPY m"]))
        more["asked_if"] = draw(st.sampled_from(["", "size = 1"]))
        question = Question(name, kind, (name,), choices=choices, missing=missing, **more)
        return [(name, column)], question
    if kind in ("text", "word"):
        cells = draw(st.lists(st.one_of(st.none(), TEXTS), min_size=n, max_size=n))
        found = sorted({c for c in cells if c})
        choices = tuple(Choice(c, draw(labels())) for c in found) if kind == "word" else ()
        missing = (MissingCode("NA", "NA", "refused"),) if draw(st.booleans()) else ()
        role = draw(st.sampled_from(["question", "set_aside"]))
        kind = "single" if kind == "word" else "text"
        return [(name, pd.Series(cells, dtype="str"))], Question(
            name, kind, (name,), choices=choices, missing=missing, role=role, **more
        )
    if kind == "date":
        days = st.datetimes(pd.Timestamp("1800-01-01"), pd.Timestamp("2200-01-01")).map(
            lambda d: d.replace(microsecond=0)
        )
        cells = draw(st.lists(st.one_of(st.none(), days), min_size=n, max_size=n))
        return [(name, pd.Series(cells, dtype="datetime64[us]"))], Question(name, "date", (name,), **more)
    if kind == "binary":
        cells = draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n))
        return [(name, pd.Series(cells))], Question(
            name, "binary", (name,), choices=(Choice("0"), Choice("1")), counted="1", **more
        )
    parts = tuple(f"{name}/{i}" for i in range(draw(st.integers(1, 3))))
    if kind == "ticks":
        made = [(p, draw(st.lists(st.sampled_from([0.0, 1.0, 97.0]), min_size=n, max_size=n))) for p in parts]
        choices = tuple(Choice(f"o{i}", draw(labels()), column=p) for i, p in enumerate(parts))
        missing = (MissingCode(97.0, 97.0, "not_asked", {"en": "not asked"}),)
        question = Question(name, "multiple", parts, choices=choices, missing=missing, counted="1", **more)
    else:
        made = [
            (p, draw(st.lists(st.sampled_from([1.0, 2.0, np.nan]), min_size=n, max_size=n))) for p in parts
        ]
        question = Question(
            name, "multiple", parts, choices=(Choice("1", {"en": "one"}), Choice("2")), **more
        )
    return [(p, pd.Series(cells, dtype=float)) for p, cells in made], question


@st.composite
def waves(draw: Any) -> Wave:
    """A wave of 1 to 4 firms and 1 to 4 questions."""
    n = draw(st.integers(1, 4))
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    made = [draw(columns(name, n)) for name in names]
    frame = pd.DataFrame({name: column for parts, _ in made for name, column in parts})
    languages = ("en", "ja")
    return Wave("w", frame, Codebook(tuple(q for _, q in made), languages), Origin("", "", "", "", n))
