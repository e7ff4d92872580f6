"""What each question type of LimeSurvey is: its kind, its columns, the answers it offers by itself."""

__all__ = ["EACH", "KIND", "OFFERED", "ONE"]

ONE = {"L", "!", "O", "5", "Y", "G", "I", "N", "D", "S", "T", "U", "*", "|"}
"""Types with a column of the question itself."""

EACH = {"A": "single", "B": "single", "C": "single", "E": "single", "F": "single", "H": "single"}
EACH |= {"K": "number", "Q": "text", ":": "number", ";": "text"}
"""Types with a question for each of their parts, and its kind."""

KIND = {"L": "single", "!": "single", "O": "single", "5": "single", "Y": "binary", "G": "single"}
KIND |= {"I": "single", "N": "number", "D": "date"}
"""Kinds of the types of one column; others are text."""

OFFERED: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "Y": (("Y", {"en": "Yes", "ja": "はい"}), ("N", {"en": "No", "ja": "いいえ"})),
    "G": (("F", {"en": "Female", "ja": "女性"}), ("M", {"en": "Male", "ja": "男性"})),
    "C": (
        ("Y", {"en": "Yes", "ja": "はい"}),
        ("U", {"en": "Uncertain", "ja": "不確か"}),
        ("N", {"en": "No", "ja": "いいえ"}),
    ),
    "E": (
        ("I", {"en": "Increase", "ja": "増加"}),
        ("S", {"en": "Same", "ja": "同じ"}),
        ("D", {"en": "Decrease", "ja": "減少"}),
    ),
    "5": tuple((str(i), {}) for i in range(1, 6)),
    "A": tuple((str(i), {}) for i in range(1, 6)),
    "B": tuple((str(i), {}) for i in range(1, 11)),
}
"""Answers a type offers without a list: code and wordings (those of LimeSurvey in both languages)."""
