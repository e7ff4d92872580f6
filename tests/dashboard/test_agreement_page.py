"""Self-report on the page Method: a row a question in both languages, nothing where there are no firms."""

import pandas as pd
import pytest

from dashboard.pages.agreement import show_agreement
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.wording import as_date

ROWS = [
    ("both", 38.0, None),
    ("answer only", 6.0, None),
    ("ledger only", 37.0, None),
    ("neither", 16.0, None),
    ("agree", 0.557, 0.47),
    ("kappa", None, None),
    ("auc", 0.663, 0.57),
]


@pytest.mark.parametrize(("lang", "words"), [("en", "56% (47 to 64)"), ("ja", "56％（47～64）")])
def test_a_question_is_a_row(internal, lang: str, words: str) -> None:
    table = pd.DataFrame(ROWS, columns=["stat", "estimate", "low"]).assign(
        high=lambda rows: rows["low"] + 0.17, says="us", question="q1", option="a", n=97, as_of="2021-12-15"
    )
    shelf = open_shelf(internal)
    made = Shelf(shelf.manifest, {**shelf.tables, "agreement": table})
    said = str(show_agreement(made, View(lang=lang).lang))
    assert (
        words in said and "38 / 6 / 37 / 16" in said and as_date(lang, "2021-12-15") in said and "–" in said
    )


def test_outside_there_is_nothing(public) -> None:
    assert show_agreement(open_shelf(public), "en") == []
