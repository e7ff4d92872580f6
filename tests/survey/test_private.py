"""Columns that tell who answered are found by words and by cells; questions are left alone."""

import pandas as pd
import pytest

from survey import Question
from survey.private import private_kind


@pytest.mark.parametrize(
    ("name", "label", "cells", "kind", "said"),
    [
        ("firm_name", "", ["A", "B"], "text", "names"),
        ("RecipientLastName", "", ["A"], "text", "names"),
        ("担当者名", "", ["山田"], "text", "names"),
        ("v1", "name", ["Abe"], "text", "names"),
        ("e_mail", "", ["-"], "text", "e-mail addresses"),
        ("v2", "", ["a@b.org", "c@d.co.jp", None], "single", "e-mail addresses"),
        ("v3", "", ["10.0.0.1", "2001:db8::1"], "text", "IP addresses"),
        ("ip_address", "", ["x"], "text", "IP addresses"),
        ("tel", "", [312345678], "number", "telephone numbers"),
        ("本社所在地", "", ["東京"], "text", "addresses"),
        ("brand_names_known", "", ["x", "x"], "single", ""),
        ("ip", "Intellectual property", ["yes", "no"], "single", ""),
        ("name_changes", "", [1, 2], "number", ""),
        ("comment", "Anything else you would like to tell us about your name and address", ["x"], "text", ""),
        ("sales", "", ["1.5.2021"], "text", ""),
    ],
)
def test_what_tells_who_answered(name, label, cells, kind, said):
    column = pd.Series(cells, dtype=None if kind == "number" else "str")
    assert private_kind(Question(name, kind, (name,), {"": label}), column) == said


def test_ids_and_weights_are_not_judged():
    assert private_kind(Question("name", "text", ("name",), role="id"), pd.Series(["a"], dtype="str")) == ""
