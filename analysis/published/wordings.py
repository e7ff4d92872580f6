"""Wordings of the yearly survey whose figures travel with the product, in English and Japanese."""

from analysis.supply.tables import read_rows
from survey import data_folder

__all__ = ["usual_wordings"]


def usual_wordings(lang: str) -> dict[tuple[str, str], str]:
    """Question and option id to wording; the option is "" for the question itself.

    Parameters
    ----------
    lang : str
        `en` or `ja`.
    """
    rows = read_rows(data_folder() / "reference" / "published" / "wordings.csv")
    keys = zip(rows["question_id"], rows["option_id"], strict=True)
    return dict(zip(keys, rows[lang], strict=True))
