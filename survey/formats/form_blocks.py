"""Questions laid out on paper: two sides beside each other, equal options in one grid, all numbered."""

from dataclasses import dataclass

from survey.codebook import Question
from survey.gate import offered
from survey.questionnaire import Distribution, Instrument, Item, Section

__all__ = ["Block", "blocks_of", "listed_before", "numbers_of"]

_LONG = 9


@dataclass(frozen=True, slots=True)
class Block:
    """What stands together on paper.

    Attributes
    ----------
    shape : str
        `one` question; a `pair` of sides; a `grid` of single questions with equal options;
        `numbers`, rows of number pairs; a `distribution` of both sides.
    rows : tuple[tuple[Question, ...], ...]
        Its questions, a row for each item: one question, or the two sides. In a distribution a row
        holds value and probability of the United States, then of China.
    items : tuple[Item, ...]
        The items of its rows where they are asked once a side, else empty.
    """

    shape: str
    rows: tuple[tuple[Question, ...], ...]
    items: tuple[Item, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether it runs across the page."""
        return self.shape in ("grid", "distribution") or (self.shape == "numbers" and len(self.rows) > 2)


def blocks_of(instrument: Instrument, section: Section) -> tuple[Block, ...]:
    """The blocks of a section, in the order of its questions."""
    sides = {name: item for item in instrument.items for name in (item.us, item.cn)}
    spread = {name: d for d in instrument.distributions for name in (*d.values, *d.probabilities)}
    blocks: list[Block] = []
    done: set[str] = set()
    for question in instrument.asked_in(section):
        if question.id in done:
            continue
        item = sides.get(question.id)
        if question.id in spread and item is not None:
            block = _distribution(instrument, spread[question.id], item, sides, spread)
        elif item is not None:
            pair = (instrument.codebook.question(item.us), instrument.codebook.question(item.cn))
            block = Block("numbers" if question.kind == "number" else "pair", (pair,), (item,))
        else:
            block = Block("one", ((question,),))
        done |= {q.id for row in block.rows for q in row}
        blocks.append(block)
    return tuple(_gathered(blocks))


def _distribution(
    instrument: Instrument,
    us: Distribution,
    item: Item,
    sides: dict[str, Item],
    spread: dict[str, Distribution],
) -> Block:
    """Both sides' distributions of one item."""
    cn = spread.get(item.cn, us)
    names = zip(us.values, us.probabilities, cn.values, cn.probabilities, strict=True)
    rows = tuple(tuple(instrument.codebook.question(name) for name in row) for row in names)
    return Block("distribution", rows, tuple(sides[name] for name in us.values))


def _gathered(blocks: list[Block]) -> list[Block]:
    """Neighbours in one table: number pairs with equal routing, single questions with equal options."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        shapes = (last.shape, block.shape) if last is not None else ("", "")
        if last is not None and shapes == ("numbers", "numbers") and _routed_alike(last, block):
            out[-1] = Block("numbers", last.rows + block.rows, last.items + block.items)
        elif last is not None and shapes in (("one", "one"), ("grid", "one")) and _alike(last, block):
            out[-1] = Block("grid", last.rows + block.rows)
        else:
            out.append(block)
    return out


def _routed_alike(one: Block, other: Block) -> bool:
    return [q.asked_if for q in one.rows[0]] == [q.asked_if for q in other.rows[0]]


def _alike(last: Block, block: Block) -> bool:
    """Whether two single questions have the same options and are asked of the same firms."""
    one, other = last.rows[0][0], block.rows[0][0]
    if not one.kind == other.kind == "single" or one.asked_if != other.asked_if:
        return False
    options = [[(c.code, dict(c.label)) for c in offered(q)] for q in (one, other)]
    return options[0] == options[1] and len(options[0]) > 3


def numbers_of(instrument: Instrument) -> dict[str, str]:
    """Id of each question to its number on the form: `12`, or `12a` and `12b` for the two sides."""
    numbers: dict[str, str] = {}
    count = 0
    for section in instrument.sections:
        if section.office:
            continue
        for block in blocks_of(instrument, section):
            rows = [[q for row in block.rows for q in row]] if block.shape == "distribution" else block.rows
            for row in rows:
                count += 1
                half = (len(row) + 1) // 2
                for place, question in enumerate(row):
                    side = "" if len(row) == 1 else "ab"[place >= half]
                    if block.shape == "distribution":
                        side = "ab"[place % 4 >= 2]
                    numbers[question.id] = f"{count}{side}"
    return numbers


def listed_before(instrument: Instrument) -> dict[str, str]:
    """Single question with a long list of options to the earlier question where that list stands."""
    first: dict[tuple[object, ...], str] = {}
    found: dict[str, str] = {}
    for section in instrument.sections:
        for block in blocks_of(instrument, section):
            question = block.rows[0][0]
            options = offered(question)
            if question.kind != "single" or block.shape == "grid" or len(options) < _LONG:
                continue
            key = tuple((c.code, tuple(sorted(c.label.items()))) for c in options)
            if first.setdefault(key, question.id) != question.id:
                found[question.id] = first[key]
    return found
