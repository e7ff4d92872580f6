"""Rules on a day: branches together, suspensions that are no ends, and what comes next, by hand."""

from datetime import date

import pandas as pd

from analysis import change_days, instrument_states, load_catalogue

COLUMNS = ["instrument", "branch", "state", "from", "to", "source", "confidence", "warning"]


def states(rows: list[tuple[str, str, str, str, str]], day: str, ids: list[str]) -> pd.DataFrame:
    intervals = pd.DataFrame(
        [(*row, "a text", "sure", "open" if row[0] == "C" else "") for row in rows], columns=COLUMNS
    )
    found = instrument_states(pd.DataFrame({"id": ids}), intervals, date.fromisoformat(day))
    return found.set_index("id")


ROWS = [
    ("A", "", "in_force", "2025-10-09", "2025-11-06"),
    ("A", "", "suspended", "2025-11-07", "2026-11-09"),
    ("A", "", "in_force", "2026-11-10", ""),
    ("B", "1", "in_force", "2024-12-03", ""),
    ("B", "2", "suspended", "2025-11-09", "2026-11-27"),
    ("C", "", "not_started", "2025-12-01", ""),
    ("D", "", "in_force", "2026-03-31", ""),
    ("E", "", "in_force", "1950-01-01", "1994-03-31"),
]


def test_states_and_what_comes_next() -> None:
    found = states(ROWS, "2026-01-15", ["E", "D", "C", "B", "A", "Z"])
    assert found["state"].to_dict() == {
        "E": "ended", "D": "not_started", "C": "not_started", "B": "partly", "A": "suspended",
        "Z": "not_started",
    }  # fmt: skip
    assert tuple(found.loc["A", ["since", "until", "next", "then"]]) == (
        "2025-11-07", "2026-11-09", "2026-11-10", "in_force",
    )  # fmt: skip
    assert tuple(found.loc["D", ["since", "next", "then"]]) == ("", "2026-03-31", "in_force")
    assert tuple(found.loc["B", ["next", "then"]]) == ("2026-11-28", "ended")
    assert found.loc["C", "warning"] == "open" and found.loc["C", "next"] == ""
    assert not found["changes"].any()


def test_the_first_and_the_last_day_belong_to_the_interval() -> None:
    for day, state, changes in (
        ("2025-10-08", "not_started", False), ("2025-10-09", "in_force", True),
        ("2025-11-06", "in_force", False), ("2025-11-07", "suspended", True),
        ("2026-11-09", "suspended", False), ("2026-11-10", "in_force", True),
    ):  # fmt: skip
        row = states(ROWS, day, ["A"]).loc["A"]
        assert (row["state"], bool(row["changes"])) == (state, changes), day
    assert tuple(states(ROWS, "2025-10-20", ["A"]).loc["A", ["next", "then"]]) == ("2025-11-07", "suspended")


def test_a_state_lasts_through_the_intervals_that_follow_each_other_in_it() -> None:
    rows = [
        ("F", "", "in_force", "2025-05-13", "2025-08-31"),
        ("F", "", "in_force", "2025-01-13", "2025-05-12"),
        ("G", "", "in_force", "2025-01-13", "2025-05-11"),
        ("G", "", "in_force", "2025-05-13", ""),
    ]
    found = states(rows, "2025-06-01", ["F", "G"])
    assert tuple(found.loc["F", ["since", "until", "next"]]) == ("2025-01-13", "2025-08-31", "2025-09-01")
    assert found.loc["G", "since"] == "2025-05-13"
    assert states(rows, "2025-02-01", ["F"]).loc["F", "until"] == "2025-08-31"
    assert tuple(states(rows, "2026-01-01", ["F"]).loc["F", ["state", "until"]]) == ("ended", "2025-08-31")
    announced = load_catalogue()
    row = (
        instrument_states(announced.instruments, announced.in_force, date(2026, 1, 15))
        .set_index("id")
        .loc["US-AIDIFF"]
    )
    assert (row["state"], row["since"]) == ("in_force", "2025-01-13") and "rescission" in row["warning"]


def test_days_of_change() -> None:
    intervals = pd.DataFrame([(*row, "", "", "") for row in ROWS], columns=COLUMNS)
    days = change_days(intervals)
    assert days == tuple(sorted(set(days)))
    assert {"2025-10-09", "2025-11-07", "2026-11-10", "1994-04-01", "2026-11-28"} <= set(days)


def test_the_catalogue_agrees_with_its_own_reading_of_a_day() -> None:
    catalogue = load_catalogue()
    for day in (date(2025, 10, 20), date(2025, 11, 20), date(2026, 1, 15), date(2027, 1, 1)):
        found = instrument_states(catalogue.instruments, catalogue.in_force, day).set_index("id")["state"]
        assert len(found) == 122
        now = catalogue.on(day)
        running = set(now.loc[now["state"] == "in_force", "instrument"])
        assert set(found[found.isin(["in_force", "partly"])].index) == running
    limb = [
        instrument_states(catalogue.instruments, catalogue.in_force, day).set_index("id").loc["CN-61-2025-L3"]
        for day in (date(2025, 10, 20), date(2025, 11, 20))
    ]
    assert [row["state"] for row in limb] == ["in_force", "suspended"]
