"""The blocks of a printed form in HTML: boxes to tick, lines to write on, routing in words."""

from collections.abc import Mapping
from html import escape

from survey.codebook import Choice, Codebook, Question, words
from survey.coding import code_text
from survey.exclusive import exclusive_options
from survey.formats.form_blocks import Block, listed_before
from survey.gate import offered
from survey.gate_words import spoken_gate
from survey.questionnaire import Instrument

__all__ = ["FORM_WORDS", "block_html"]

FORM_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "us": "United States",
        "cn": "China",
        "one": "Tick one.",
        "each": "Tick one in each column.",
        "row": "Tick one in each row.",
        "many": "Tick all that apply.",
        "rank": "Write the numbers of up to {k}, the most important first.",
        "alone": " (no other with it)",
        "only": "Only if {gate}.",
        "code": "Write the number of the answer as in question {n}.",
        "place": "{n}",
        "colon": ": ",
        "value": "value",
        "probability": "probability",
        "sum": "The five probabilities of a side add up to 100.",
        "total": "Questions {ns} add up to {total} for each side.",
        "steps": "lowest,low,middle,high,highest",
        "date": "Year / month / day",
        "required": "Please fill in.",
    },
    "ja": {
        "us": "米国",
        "cn": "中国",
        "one": "一つだけ選んでください。",
        "each": "国ごとに一つだけ選んでください。",
        "row": "行ごとに一つだけ選んでください。",
        "many": "あてはまるものすべてを選んでください。",
        "rank": "重要なものから順に{k}つまで番号を記入してください。",
        "alone": "（これのみ）",
        "only": "次の場合のみ：{gate}",
        "code": "問{n}の選択肢の番号を記入してください。",
        "place": "{n}位",
        "colon": "：",
        "value": "値",
        "probability": "確率",
        "sum": "国ごとに五つの確率の合計が100になるようにしてください。",
        "total": "問{ns}は国ごとに合計が{total}になるようにしてください。",
        "steps": "最も低い,低い,中位,高い,最も高い",
        "date": "年　　月　　日",
        "required": "必ずご記入ください。",
    },
}
"""Language to the words of the form itself."""


def block_html(
    instrument: Instrument, block: Block, numbers: Mapping[str, str], lang: str, *, numbered: bool = True
) -> str:
    """One block as HTML in `lang`; `numbers` is what `numbers_of` gave."""
    page = _Page(instrument, numbers, lang, numbered)
    body: str = page.shapes[block.shape](block)
    return f'<div class="{"wide" if block.is_wide else "block"}">{body}</div>'


class _Page:
    def __init__(self, instrument: Instrument, numbers: Mapping[str, str], lang: str, numbered: bool) -> None:
        self.instrument, self.numbers, self.lang, self.numbered = instrument, numbers, lang, numbered
        self.said = FORM_WORDS.get(lang, FORM_WORDS["en"])
        self.book: Codebook = instrument.codebook
        self.before = listed_before(instrument)
        self.shapes = {
            "one": self.one,
            "pair": self.pair,
            "grid": self.grid,
            "numbers": self.number_rows,
            "distribution": self.distribution,
        }

    def text(self, label: Mapping[str, str], otherwise: str = "") -> str:
        return escape(words(label, self.lang, otherwise), quote=False)

    def heading(self, question: Question, label: Mapping[str, str], *, side: bool = False) -> str:
        number = self.numbers.get(question.id, "")
        shown = f"<b>{number.rstrip('ab') if side else number}</b> " if self.numbered else ""
        return f"<h3>{shown}{self.text(label, question.id)}</h3>"

    def routing(self, question: Question) -> str:
        if not question.asked_if:
            return ""
        where = f"asked_if of question {question.id!r}"
        gate = spoken_gate(question.asked_if, self.book, self.numbers, self.lang, where)
        return escape(self.said["only"].format(gate=gate), quote=False)

    def ask(self, key: str, **filled: object) -> str:
        return f'<p class="ask">{self.said[key].format(**filled)}</p>'

    def one(self, block: Block) -> str:
        question = block.rows[0][0]
        routing = self.routing(question)
        html = self.heading(question, question.label)
        html += f'<p class="only">{routing}</p>' if routing else ""
        if question.id in self.before:
            return html + self.as_before(question) + '<p class="fill"><span class="cell small"></span></p>'
        hint = self.text(self.instrument.hints.get(question.id, {}))
        html += f'<p class="ask">{hint}</p>' if hint else ""
        if question.kind == "number":
            unit = escape(self.instrument.unit(question, self.lang))
            return html + f'<p class="fill"><span class="cell"></span> {unit}</p>'
        if question.kind == "date":
            return html + f'<p class="fill"><span class="line"></span> {self.said["date"]}</p>'
        if question.kind == "text":
            asked = self.ask("required") if question.role == "id" else ""
            return html + asked + '<p class="fill"><span class="line long"></span></p>'
        if question.kind == "multiple" and not question.is_dichotomies:
            html += self.ask("rank", k=len(question.columns)) + self.listed(question)
            return html + f'<p class="fill">{self.places(question)}</p>'
        html += self.ask("many" if question.kind == "multiple" else "one")
        return html + self.ticks(question)

    def listed(self, question: Question) -> str:
        """Options to be named by number."""
        rows = [
            f'<li><span class="code">{escape(c.code)}</span><span>{self.text(c.label)}</span></li>'
            for c in question.choices
        ]
        return f"<ul>{''.join(rows)}</ul>"

    def places(self, question: Question) -> str:
        cells = [
            f'<span class="whole">{self.said["place"].format(n=n)} <span class="cell small"></span></span>'
            for n in range(1, len(question.columns) + 1)
        ]
        return " ".join(cells)

    def options(self, question: Question) -> list[tuple[Choice, str, bool]]:
        """Options with their words, and whether one stands apart from the answers proper."""
        alone = exclusive_options(question)
        known = {c.code for c in question.choices}
        out = []
        for choice in offered(question):
            said = self.text(choice.label, choice.code) + (self.said["alone"] if choice.code in alone else "")
            out.append((choice, said, choice.code in alone or choice.code not in known))
        return out

    def ticks(self, question: Question) -> str:
        mark = "box" if question.kind == "multiple" else "dot"
        rows, before = [], False
        for choice, said, apart in self.options(question):
            line = ' class="apart"' if apart and not before else ""
            before = apart
            code = "" if question.kind == "multiple" else f'<span class="code">{escape(choice.code)}</span>'
            rows.append(f'<li{line}><span class="{mark}"></span>{code}<span>{said}</span></li>')
        return f"<ul>{''.join(rows)}</ul>"

    def as_before(self, question: Question) -> str:
        return self.ask("code", n=self.numbers.get(self.before[question.id], "").rstrip("ab"))

    def sides(self) -> str:
        """Heads of the two columns."""
        return "".join(
            f'<th class="side" scope="col">{letter} {self.said[side]}</th>'
            for side, letter in zip(("us", "cn"), "ab", strict=True)
        )

    def routing_of_sides(self, us: Question, cn: Question) -> str:
        """Who is asked about each side; once where it is the same."""
        one, other = self.routing(us), self.routing(cn)
        if one != other:
            colon = self.said["colon"]
            parts = [f"{letter}{colon}{text}" for letter, text in (("a", one), ("b", other)) if text]
            return f'<p class="only">{"<br>".join(parts)}</p>'
        return f'<p class="only">{one}</p>' if one else ""

    def pair(self, block: Block) -> str:
        us, cn = block.rows[0]
        html = self.heading(us, block.items[0].label, side=True) + self.routing_of_sides(us, cn)
        if us.id in self.before:
            cell = '<span class="cell small"></span>'
            sides = (("a", "us"), ("b", "cn"))
            both = " ".join(f'<span class="whole">{a} {self.said[s]} {cell}</span>' for a, s in sides)
            return html + self.as_before(us) + f'<p class="fill">{both}</p>'
        if us.kind == "multiple" and not us.is_dichotomies:
            html += self.ask("rank", k=len(us.columns)) + self.listed(us)
            for side, question in (("us", us), ("cn", cn)):
                html += f'<p class="fill">{self.said[side]}<br>{self.places(question)}</p>'
            return html
        mark = "box" if us.kind == "multiple" else "dot"
        html += self.ask("many" if us.kind == "multiple" else "each")
        html += f"<table><thead><tr><th></th>{self.sides()}</tr></thead><tbody>"
        before = False
        for choice, said, apart in self.options(us):
            line = ' class="apart"' if apart and not before else ""
            before = apart
            code = "" if us.kind == "multiple" else f'<span class="code">{escape(choice.code)}</span> '
            cell = f'<td class="side"><span class="{mark}"></span></td>'
            html += f'<tr{line}><th scope="row">{code}{said}</th>{cell * 2}</tr>'
        return html + "</tbody></table>"

    def grid(self, block: Block) -> str:
        first = block.rows[0][0]
        heads = "".join(f'<th class="side" scope="col">{said}</th>' for _, said, _ in self.options(first))
        html = f"{self.ask('row')}<table><thead><tr><th></th>{heads}</tr></thead><tbody>"
        for (question,) in block.rows:
            cells = "".join(
                f'<td class="side"><span class="dot"></span> <span class="code">{escape(c.code)}</span></td>'
                for c, _, _ in self.options(question)
            )
            html += f'<tr><th scope="row">{self.heading(question, question.label)}</th>{cells}</tr>'
        return html + "</tbody></table>"

    def number_rows(self, block: Block) -> str:
        routing = self.routing_of_sides(*block.rows[0])
        html = routing if len(block.rows) > 1 else ""
        html += f"<table><thead><tr><th></th>{self.sides()}</tr></thead><tbody>"
        for (us, _), item in zip(block.rows, block.items, strict=True):
            unit = escape(self.instrument.unit(us, self.lang))
            hint = self.text(self.instrument.hints.get(us.id, {}))
            small = "" if len(block.rows) > 1 else routing
            small += f'<p class="ask">{hint}</p>' if hint else ""
            cell = f'<td class="side"><span class="cell"></span> {unit}</td>'
            html += (
                f'<tr><th scope="row">{self.heading(us, item.label, side=True)}{small}</th>{cell * 2}</tr>'
            )
        html += "</tbody></table>"
        ids = {row[0].id: self.numbers[row[0].id].rstrip("ab") for row in block.rows}
        for total in self.instrument.sums:
            if set(total.questions) <= set(ids):
                ends = (ids[total.questions[0]], ids[total.questions[-1]])
                html += self.ask("total", ns="–".join(ends), total=code_text(total.total))
        return html

    def distribution(self, block: Block) -> str:
        first = block.rows[0][0]
        spread = next(d for d in self.instrument.distributions if first.id in d.values)
        html = self.heading(first, spread.label or block.items[0].label, side=True)
        html += self.routing_of_sides(first, block.rows[0][2]) + self.ask("sum")
        heads = "".join(
            f'<th class="side" colspan="2">{letter} {self.said[side]}</th>'
            for side, letter in zip(("us", "cn"), "ab", strict=True)
        )
        kinds = f'<th class="side">{self.said["value"]}</th><th class="side">{self.said["probability"]}</th>'
        html += f"<table><thead><tr><th></th>{heads}</tr><tr><th></th>{kinds * 2}</tr></thead><tbody>"
        for row, step in zip(block.rows, self.said["steps"].split(","), strict=False):
            units = [escape(self.instrument.unit(question, self.lang)) for question in row]
            cells = "".join(f'<td class="side"><span class="cell"></span> {unit}</td>' for unit in units)
            html += f'<tr><th scope="row">{step}</th>{cells}</tr>'
        return html + "</tbody></table>"
