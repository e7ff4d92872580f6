"""Questions drawn from the payloads of a .qsf: one for each column or set of columns of an export."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from survey.codebook import Choice, Question
from survey.formats.markup import plain_text

__all__ = ["Drawn", "as_table", "language_of"]

_SEVERAL = ("MAVR", "MAHR", "MACOL", "MSB")
_NUMBERS = ("ValidNumber", "ValidCurrency")
_NO_ANSWER = ("DB", "Captcha", "Meta", "Timing")


def as_table(value: Any) -> dict[str, Any]:
    """A JSON object; a list (as PHP writes tables with keys from 0) by its positions."""
    if isinstance(value, dict):
        return {str(k): v for k, v in value.items()}
    return {str(i): v for i, v in enumerate(value)} if isinstance(value, list) else {}


def language_of(code: Any) -> str:
    """A language code of Qualtrics (`EN`, `ZH-S`) as a codebook writes it; "" where it is none."""
    first, _, rest = str(code or "").replace("_", "-").partition("-")
    return first.lower() + (f"-{rest}" if rest.isalpha() else "") if first.isalpha() else ""


def _keys(table: Mapping[str, Any], order: Any) -> list[str]:
    """Keys of a table in the order the survey shows them."""
    shown = [str(k) for k in as_table(order).values() if isinstance(k, str | int)]
    return [k for k in dict.fromkeys([*shown, *table]) if k in table]


@dataclass
class Drawn:
    """Questions drawn so far, and what their columns are called elsewhere.

    Attributes
    ----------
    lang : str
        Language of the survey itself.
    questions : list[Question]
        Questions in order.
    aliases, lists : dict
        As in `Reading`.
    of : dict[str, list[Question]]
        Question id of Qualtrics to the questions made of it.
    locators : dict[str, dict[str, tuple[str, str]]]
        Question id of Qualtrics to the key of a choice to question and code here.
    logic : dict[str, Any]
        Question id of Qualtrics to its display logic.
    """

    lang: str
    questions: list[Question] = field(default_factory=list)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, tuple[str, str]] = field(default_factory=dict)
    of: dict[str, list[Question]] = field(default_factory=dict)
    locators: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    logic: dict[str, Any] = field(default_factory=dict)

    def draw(self, id_: str, payload: dict[str, Any]) -> None:
        """Add the questions of one payload."""
        kind = str(payload.get("QuestionType"))
        if kind in _NO_ANSWER:
            return
        before = len(self.questions)
        tag = str(payload.get("DataExportTag") or id_)
        if kind == "SBS":
            for number, part in as_table(payload.get("AdditionalQuestions")).items():
                part = {
                    "Choices": payload.get("Choices"),
                    "ChoiceOrder": payload.get("ChoiceOrder"),
                    **as_table(part),
                }
                label = self.label(payload, "QuestionText")
                self.matrix(
                    f"{id_}#{number}", str(part.get("DataExportTag") or f"{tag}#{number}"), part, label
                )
        elif kind == "Matrix":
            self.matrix(id_, tag, payload, {})
        elif kind == "MC" and payload.get("Selector") in _SEVERAL:
            self.several(tag, self.label(payload, "QuestionText"), payload, "Choices", tag, id_)
            self.lists[tag] = (tag, ",")
            self.typed_in(tag, id_, payload)
        elif kind == "MC":
            choices = self.choices(payload, "Choices")
            self.add(
                Question(tag, "single", (tag,), self.label(payload, "QuestionText"), choices), tag, (id_,)
            )
            self.locators[id_] = {k: (tag, c) for k, c in self.codes(payload, "Choices").items()}
            self.typed_in(tag, id_, payload)
        elif kind in ("Slider", "CS", "RO", "PGR") or payload.get("Selector") == "FORM":
            self.rows(id_, tag, payload, "text" if kind == "TE" else "number")
        else:
            content = as_table(as_table(payload.get("Validation")).get("Settings")).get("ContentType")
            is_number = kind == "TE" and content in _NUMBERS
            said = "number" if is_number else "date" if kind == "TE" and content == "ValidDate" else "text"
            names = (id_, f"{id_}-TEXT", f"{id_}_TEXT")
            self.add(Question(tag, said, (tag,), self.label(payload, "QuestionText")), tag, names)
            self.locators[id_] = {"ChoiceTextEntryValue": (tag, said)}
        self.of[id_] = self.questions[before:]
        if payload.get("DisplayLogic"):
            self.logic[id_] = payload["DisplayLogic"]

    def add(self, question: Question, column: str, names: tuple[str, ...]) -> None:
        """Add one question of one column."""
        self.questions.append(replace(question, concept=question.id))
        self.alias(column, names)

    def alias(self, column: str, names: tuple[str, ...]) -> None:
        """Write down other names of a column."""
        self.aliases[column] = tuple(n for n in dict.fromkeys(names) if n != column)

    def label(self, payload: Mapping[str, Any], key: str) -> dict[str, str]:
        """The wording in each language."""
        said = {self.lang: plain_text(payload.get(key))}
        for code, table in as_table(payload.get("Language")).items():
            said.setdefault(language_of(code), plain_text(as_table(table).get(key)))
        return {lang: text for lang, text in said.items() if lang and text}

    def wordings(self, payload: Mapping[str, Any], part: str, key: str) -> dict[str, str]:
        """The wording of one choice or answer in each language."""
        said = {self.lang: plain_text(as_table(as_table(payload.get(part)).get(key)).get("Display"))}
        for code, table in as_table(payload.get("Language")).items():
            shown = as_table(as_table(as_table(table).get(part)).get(key)).get("Display")
            said.setdefault(language_of(code), plain_text(shown))
        return {lang: text for lang, text in said.items() if lang and text}

    def codes(self, payload: Mapping[str, Any], part: str) -> dict[str, str]:
        """Keys of choices or answers, in order, to the values that stand for them in the answers."""
        values = as_table(payload.get("RecodeValues"))
        keys = _keys(
            as_table(payload.get(part)), payload.get("ChoiceOrder" if part == "Choices" else "AnswerOrder")
        )
        return {key: str(values.get(key, key)) for key in keys}

    def choices(self, payload: Mapping[str, Any], part: str) -> tuple[Choice, ...]:
        """Choices or answers of a question with one column, each code once."""
        found = (Choice(c, self.wordings(payload, part, k)) for k, c in self.codes(payload, part).items())
        return tuple({c.code: c for c in found}.values())

    def several(
        self, id_: str, label: dict[str, str], payload: Mapping[str, Any], part: str, stem: str, qid: str
    ) -> None:
        """A set with a column for each option; the tick of a lone option is its recoded value."""
        choices: list[Choice] = []
        self.locators.setdefault(qid, {})
        for key, code in self.codes(payload, part).items():
            column = f"{stem}_{code}"
            if column in {c.column for c in choices}:
                code, column = key, f"{stem}_{key}"
            choices.append(Choice(code, self.wordings(payload, part, key), column))
            self.alias(column, (f"{stem}_{key}", f"{qid}-{key}", f"{qid}_{key}"))
            self.locators[qid][key] = (id_, code)
        if choices:
            columns = tuple(c.column for c in choices)
            tick = choices[0].code if len(choices) == 1 else "1"
            self.questions.append(
                Question(id_, "multiple", columns, label, tuple(choices), counted=tick, concept=id_)
            )

    def statements(self, payload: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Key, tag and wording of each row of a matrix."""
        tags = as_table(payload.get("ChoiceDataExportTags"))
        rows = as_table(payload.get("Choices"))
        for key in _keys(rows, payload.get("ChoiceOrder")):
            yield key, str(tags.get(key) or key), self.wordings(payload, "Choices", key)

    def matrix(self, id_: str, tag: str, payload: dict[str, Any], above: dict[str, str]) -> None:
        """A question, or a set, for each row of a matrix."""
        text = _joined(above, self.label(payload, "QuestionText"))
        for key, row, wording in self.statements(payload):
            name, label = f"{tag}_{row}", _joined(text, wording)
            qid = f"{id_}-{key}"
            if payload.get("SubSelector") == "MultipleAnswer":
                self.several(name, label, payload, "Answers", name, qid)
                for code in self.codes(payload, "Answers"):
                    column = next((c for c, a in self.aliases.items() if f"{qid}-{code}" in a), "")
                    self.alias(column, (*self.aliases.get(column, ()), f"{id_}_{key}_{code}"))
            elif payload.get("Selector") == "TE":
                self.texts(id_, key, name, label, payload)
            else:
                question = Question(name, "single", (name,), label, self.choices(payload, "Answers"))
                bare = (row,) if row != key and "#" not in id_ else ()
                self.add(question, name, (f"{tag}_{key}", *bare, qid, f"{id_}_{key}"))
                self.locators.setdefault(id_, {}).update(
                    {f"{key}/{k}": (name, c) for k, c in self.codes(payload, "Answers").items()}
                )

    def texts(self, id_: str, key: str, name: str, label: dict[str, str], payload: dict[str, Any]) -> None:
        """Text fields of one row of a matrix."""
        for answer, code in self.codes(payload, "Answers").items():
            said = _joined(label, self.wordings(payload, "Answers", answer))
            column = f"{name}_{code}"
            self.add(
                Question(column, "text", (column,), said),
                column,
                (f"{id_}-{key}-{answer}", f"{id_}_{key}_{answer}"),
            )

    def rows(self, id_: str, tag: str, payload: dict[str, Any], kind: str) -> None:
        """A number or text for each row: sliders, sums, ranks, forms."""
        for key, row, wording in self.statements(payload):
            name = f"{tag}_{row}"
            label = _joined(self.label(payload, "QuestionText"), wording)
            names = (f"{tag}_{key}", f"{id_}-{key}", f"{id_}_{key}")
            self.add(Question(name, kind, (name,), label), name, names)

    def typed_in(self, tag: str, id_: str, payload: dict[str, Any]) -> None:
        """Texts typed beside a choice."""
        codes = self.codes(payload, "Choices")
        for key, choice in as_table(payload.get("Choices")).items():
            if str(as_table(choice).get("TextEntry", "")).lower() in ("true", "on", "1") and key in codes:
                name = f"{tag}_{codes[key]}_TEXT"
                names = (f"{tag}_{key}_TEXT", f"{id_}-{key}-TEXT", f"{id_}_{key}_TEXT")
                label = _joined(self.label(payload, "QuestionText"), self.wordings(payload, "Choices", key))
                self.add(Question(name, "text", (name,), label), name, names)


def _joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Two wordings as one, in each language either has."""
    langs = dict.fromkeys([*first, *second])
    return {lang: " — ".join(t for t in (first.get(lang), second.get(lang)) if t) for lang in langs}
