"""The attack: every way tried on the files of one or several Releases, together with earlier ones."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from analysis.attack.adding import Solved, solve_edition
from analysis.attack.asking import asked_benchmark
from analysis.attack.beside import numbers_beside
from analysis.attack.counting import evidence_of
from analysis.attack.differencing import between_editions, same_answers, sums_between
from analysis.attack.joining import Coalition, told_to_coalition
from analysis.attack.knowing import Asked, questions_of
from analysis.attack.measuring import told_by_amounts, told_by_sums
from analysis.attack.modelled import told_by_models
from analysis.attack.opening import Piece, open_file, open_text
from analysis.attack.pairing import told_by_pairs
from analysis.attack.record import Attack, attack_table
from analysis.attack.taking import Taken, take_release
from analysis.attack.telling import told_words
from analysis.attack.testing import told_by_tests

__all__ = ["WAYS", "attack_releases"]

WAYS = (
    *("words", "percents", "margins", "second base", "amounts", "editions", "benchmark", "model"),
    *("files", "pages", "coalition"),
)
"""Ways tried, in the order of `Attack.ways`."""


def attack_releases(
    folders: Sequence[Path],
    *,
    names: Sequence[str] = (),
    labels: Sequence[str] = (),
    ask: bool = True,
    newest: int = 0,
    files: Sequence[Path] = (),
    pages: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    coalitions: Sequence[Coalition] = (),
) -> Attack:
    """Try to recover firms from the bytes of Releases, all of them together.

    Parameters
    ----------
    folders : sequence of Path
        One or several Releases: audiences, editions, waves.
    names : sequence of str
        Names and ids of firms to look for.
    labels : sequence of str
        What to call each; by default its audience, with its folder where two would be called alike.
    ask : bool
        Whether the benchmark is asked with made-up answers too.
    newest : int
        How many of the folders, from the first on, are new: the benchmark of the others was asked before, and
        no links are brought. 0 for all of them, links too.
    files : sequence of Path
        Workbooks, decks, pages and the like that lie elsewhere; those in a Release are opened anyway. One
        that names the Release it was made from is held against that one alone, any other against all.
    pages : mapping, optional
        Folder, as text, to what its server answers: address and answer.
    coalitions : sequence of Coalition
        Answers of firms that join, taken off everything that was printed.

    Returns
    -------
    Attack

    Raises
    ------
    FileFault
        A folder that is no Release, or one whose files were changed.

    Notes
    -----
    The adversary reads every table, turns percents and what stands beside them back into counts, adds and
    subtracts over all tables and margins by linear programming (`bound_counts`), pools Releases of the same
    answers, subtracts editions, asks the benchmark, and looks for names. It knows the questionnaire, and the
    answers that its audience's floor allows for (members: its own and two more); of `coalitions` each one.
    """
    taken = [take_release(Path(f), label) for f, label in zip(folders, _labels(folders, labels), strict=True)]
    given = [open_file(Path(path)) for path in files]
    shown = [
        _pieces_of(one, _made_from(one, taken, given), (pages or {}).get(str(one.folder), ()))
        for one in taken
    ]
    parts = [told_words(one, names, pieces) for one, pieces in zip(taken, shown, strict=True)]
    parts += [told(one) for one in taken for told in (told_by_models, told_by_amounts)]
    read = [evidence_of(one) for one in taken]
    about = [questions_of(one, rows) for one, rows in zip(taken, read, strict=True)]
    pairs = [told_by_pairs(one, rows) for one, rows in zip(taken, read, strict=True)]
    parts += [cells for _, cells in pairs]
    sums = [
        [*told_by_sums(one, asked), *told_by_tests(dict(one.tables), rows), *told]
        for one, asked, rows, (told, _) in zip(taken, about, read, pairs, strict=True)
    ]
    pools = _pools(taken, read)
    solved: list[tuple[list[int], Solved]] = []
    alone = [[at] for pool in pools if len(pool) > 1 for at in pool]
    for pool in [*alone, *pools]:
        rows = pd.concat([read[at] for at in pool], ignore_index=True)
        asked: dict[str, Asked] = {}
        for at in pool:
            asked |= about[at]
        if rows.empty:
            continue
        added = [t for at in pool for t in sums[at]]
        found = solve_edition(rows, asked, max(taken[at].firms for at in pool), added)
        held = [taken[at] for at in pool]
        parts += [told_to_coalition(held, rows, asked, added, joined) for joined in coalitions]
        parts.append(found.findings)
        parts += [numbers_beside(shown[at], taken[at], found.cells) for at in pool if shown[at]]
        if pool in pools:
            solved.append((pool, found))
        for at in pool if ask and len(pool) == 1 and pool[0] < (newest or len(taken)) else ():
            heard, _ = asked_benchmark(taken[at], about[at], found.cells, with_links=not newest)
            parts.append(heard)
    for (first, one), (second, two) in combinations(solved, 2):
        floor = max(taken[at].floor for at in (*first, *second))
        named = f"{_name(taken, first)} and {_name(taken, second)}"
        parts.append(between_editions(one.cells, two.cells, floor, named))
        for a in first:
            parts += [
                sums_between(taken[a].tables["exposure"], taken[b].tables["exposure"], floor, named)
                for b in second
                if {"exposure"} <= set(taken[a].tables) & set(taken[b].tables)
            ]
    passed = {"benchmark": not ask, "pages": not pages, "coalition": not coalitions}
    return Attack(attack_table(parts), tuple(way for way in WAYS if not passed.get(way)))


def _made_from(one: Taken, taken: Sequence[Taken], given: Sequence[Sequence[Piece]]) -> list[Piece]:
    """What is held against a Release: files that say they were made from it, or from none of these.

    What another audience may see is no find in a file of its own; told by all of them together it is.
    """
    marks = {other.mark for other in taken}
    found: list[Piece] = []
    for pieces in given:
        said = " ".join(cell for piece in pieces for line in piece.lines for cell in line)
        named = {mark for mark in marks if mark in said}
        found += pieces if one.mark in named or not named else ()
    return found


def _pieces_of(taken: Taken, given: Sequence[Piece], pages: Sequence[tuple[str, str]]) -> list[Piece]:
    """What is read beside the tables of a Release: files in its folder or given, answers of its server."""
    listed = {*taken.manifest.get("files", {}), "manifest.json"}
    inside = sorted(path for path in taken.folder.rglob("*") if path.is_file())
    named = [(path, path.relative_to(taken.folder).as_posix()) for path in inside]
    lying = [piece for path, place in named if place not in listed for piece in open_file(path, place)]
    return [*lying, *given, *[open_text(text, address) for address, text in pages]]


def _labels(folders: Sequence[Path], labels: Sequence[str]) -> list[str]:
    """One label a folder; the folder itself where the last parts of two are alike."""
    if labels:
        return [str(label) for label in labels]
    last = [Path(folder).name for folder in folders]
    return [str(f) if last.count(name) > 1 else "" for f, name in zip(folders, last, strict=True)]


def _name(taken: Sequence[Taken], pool: Sequence[int]) -> str:
    return " + ".join(taken[at].label for at in pool)


def _pools(taken: Sequence[Taken], read: Sequence[pd.DataFrame]) -> list[list[int]]:
    """Releases put together that hold the same answers: same study, same firms, no cell that contradicts."""
    pools: list[list[int]] = []
    for at, one in enumerate(taken):
        for pool in pools:
            other = taken[pool[0]]
            is_same = one.edition == other.edition or (
                one.edition[:2] == other.edition[:2]
                and one.firms == other.firms
                and all(same_answers(read[at], read[i]) for i in pool)
            )
            if is_same:
                pool.append(at)
                break
        else:
            pools.append([at])
    return pools
