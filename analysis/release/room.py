"""Tables hidden whole where their changed counts, put together, tell of too few firms after all."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.attack.adding import solve_edition
from analysis.attack.counting import evidence_of
from analysis.attack.knowing import questions_of
from analysis.attack.taking import Taken
from analysis.disclosure.changing import Changing
from analysis.release.quality import question_table
from analysis.release.tables import blank_rows
from survey import Wave

__all__ = ["with_room"]

_ROUNDS = 5


def with_room(estimates: pd.DataFrame, wave: Wave, changing: Changing, floor: int) -> pd.DataFrame:
    """Estimates without the tables in which changed counts leave one of them no room.

    Each count is changed by itself, so that several together can narrow one: answers that were all rounded
    down, groups of a total that was. What a reader works out is worked out here, by the attack's own
    programmes over all tables of the wave; the tables of a question by the break where it finds too few firms
    are hidden, over all firms those by every break, until it finds none.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Of one wave, changed.
    wave : Wave
    floor : int
        Smallest count of firms that may be known.
    """
    nets = [("net", q.id, net) for q in wave.codebook.tabulated() for net in q.nets]
    about = {
        "questions": question_table(wave),
        "wording": pd.DataFrame(nets, columns=["kind", "question", "option"]),
    }
    manifest = {"firms": len(wave), "study": "", "wave": wave.name}
    for _ in range(_ROUNDS):
        taken = Taken("", Path(), manifest, {**about, "estimates": estimates}, floor, 0, changing)
        evidence = evidence_of(taken)
        if evidence.empty:
            return estimates
        found = solve_edition(evidence, questions_of(taken, evidence), len(wave)).findings
        bad = found[found["verdict"].isin(["recovered", "bounded", "supposed"])] if len(found) else found
        places = set(zip(bad["question"], bad["by"], strict=True)) if len(bad) else set()
        shown = estimates["estimate"].notna()
        hide = [
            (question, by) in places or (question, "") in places
            for question, by in zip(estimates["question"], estimates["by"], strict=True)
        ]
        if not (np.array(hide, dtype=bool) & shown.to_numpy()).any():
            return estimates
        estimates = blank_rows(estimates, shown.to_numpy() & np.array(hide, dtype=bool))
    return blank_rows(estimates, np.ones(len(estimates), dtype=bool))
