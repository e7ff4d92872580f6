"""The further sets of labels that Stata's `label language` keeps in a .dta, one a language."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from survey.faults import Finding
from survey.formats.characteristics import read_characteristics
from survey.formats.encodings import encoding_of
from survey.formats.languages import language_code
from survey.formats.reading import Translation

__all__ = ["label_languages", "language_names"]

_DEFAULT = "default"
"""What Stata calls the labels of a file that has no languages yet."""
_MOST = 24
_STANDS = "_lang_{}_{}"


def language_names(languages: Sequence[str]) -> dict[str, str]:
    """Languages of a codebook to names that `label language` takes: `zh-Hans` is `zh_Hans`, "" `default`."""
    return {lang: re.sub(r"\W", "_", lang)[:_MOST] or _DEFAULT for lang in languages}


def label_languages(
    path: Path, sets: Mapping[str, Mapping[Any, str]]
) -> tuple[str, dict[str, Translation], list[Finding]]:
    """Language of the labels in use ("" where the file does not say), the labels of the others, findings.

    A finding tells the encoding where it is a guess, as it is before release 118.

    Source: Stata, help label language: characteristics `_lang_list`, `_lang_c` of the data set,
    `_lang_v_L` and `_lang_l_L` of a variable hold its label and the name of its value labels in L.

    Parameters
    ----------
    path : Path
        A .dta file.
    sets : Mapping[str, Mapping]
        All value labels of the file: name to code, as the library gives it, to label.
    """
    found = read_characteristics(path)
    if ("_dta", "_lang_list") not in found:
        return "", {}, []
    told = b"\n".join(text for (_, name), text in found.items() if name.startswith("_lang_"))
    encoding, findings = encoding_of(told, str(path))

    def text(variable: str, name: str) -> str:
        return found.get((variable, name), b"").decode(encoding, "replace")

    names = text("_dta", "_lang_list").split()
    current = text("_dta", "_lang_c")
    variables = dict.fromkeys(variable for variable, _ in found if variable != "_dta")
    translations: dict[str, Translation] = {}
    for name in names:
        code = _code(name)
        if name == current or code == _code(current) or code in translations:
            continue
        labels = {v: text(v, _STANDS.format("v", name)) for v in variables}
        used = {v: text(v, _STANDS.format("l", name)) for v in variables}
        translations[code] = Translation(
            {v: label for v, label in labels.items() if label},
            {v: dict(sets[held]) for v, held in used.items() if held in sets},
        )
    return _code(current), translations, findings


def _code(name: str) -> str:
    """The code of a language in a codebook: `ja` and `japanese` are ja, `default` is ""."""
    if name == _DEFAULT:
        return ""
    return language_code(name.replace("_", "-")) or name
