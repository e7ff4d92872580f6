"""Every command that the documents show in a block is one that the program takes, with options it has."""

import re
import shlex
from pathlib import Path

import pytest

from dashboard.command.parsing import parse_words

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", TOP / "README.ja.md", *sorted((TOP / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^\s*(?:\S*/)?crosspressure (?P<words>.+)$")
ENDS = frozenset({"|", ">", ">>", "&", "&&", ";"})


def commands(markdown: str) -> list[list[str]]:
    """Words of each command in a block, what follows in the shell and remarks left out."""
    found = []
    for block in FENCE.findall(markdown):
        for line in block.replace("\\\n", " ").splitlines():
            if made := LINE.match(line):
                words = shlex.split(made["words"], comments=True)
                end = next((at for at, word in enumerate(words) if word in ENDS), len(words))
                found.append(words[:end])
    return found


def taken(words: list[str]) -> bool:
    try:
        parse_words(words)
    except SystemExit as end:
        return end.code in (0, None)
    return True


def test_every_command_in_a_block_is_one_the_program_takes() -> None:
    shown = {page: commands(page.read_text(encoding="utf-8")) for page in PAGES}
    wrong = [f"{page.name}: {' '.join(w)}" for page, many in shown.items() for w in many if not taken(w)]
    assert not wrong
    assert sum(map(len, shown.values())) > 120


@pytest.mark.parametrize(
    "line", ["build data/demo --audiences public", "biuld data/demo", "estimate data/demo"]
)
def test_a_command_that_is_none_is_found(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    (words,) = commands(f"```sh\n.venv/bin/crosspressure {line} | head # so\n```\n")
    assert words == line.split() and not taken(words)
    assert "expected:" in capsys.readouterr().err
