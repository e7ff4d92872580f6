"""The second and third header of a Qualtrics CSV: wordings, and the ids its questions have."""

import re

from survey.formats.markup import plain_text

__all__ = ["import_rows"]

_CELL = re.compile(r"\{.*?['\"]ImportId['\"]\s*:\s*(?:'([^']*)'|\"([^\"]*)\").*\}", re.DOTALL)


def import_rows(rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """Wordings and import ids of the columns; both empty where the third row holds no import ids.

    The third row is JSON or, in older exports, the text of a Python dict.
    """
    if len(rows) < 3 or not rows[2] or len(rows[2]) != len(rows[0]):
        return [], []
    found = [_CELL.fullmatch(cell.strip()) for cell in rows[2]]
    if not all(found):
        return [], []
    ids = [match[1] or match[2] or "" if match else "" for match in found]
    return [plain_text(cell) for cell in rows[1]], ids
