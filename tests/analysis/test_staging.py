"""A build is there whole or not at all: killed at random moments, two at once, a half-made exchange."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import read_release, write_release
from analysis.release.staging import only_build, put_in_place
from survey import Fault
from tests.analysis.attack.small_world import draw_answers, write_world

KILLS = 20
# a process that makes its Release once and then writes it over and over, killed at any moment
WORKER = """
import sys
from pathlib import Path
from analysis import read_release
from analysis.release.folder import fill_folder
from analysis.release.staging import only_build, put_in_place, staged
out = Path(sys.argv[1])
made = {a: read_release(out / a) for a in ("internal", "members", "public")}
kept = {a: ({n: r.table(n) for n in r.tables()}, dict(r.manifest)) for a, r in made.items()}
print("ready", flush=True)
turn = 0
while True:
    turn += 1
    with only_build(out), staged(out, kept) as work:
        for audience, (tables, manifest) in kept.items():
            fill_folder(work[audience], tables, {**manifest, "turn": turn})
        for audience in kept:
            put_in_place(work[audience], out / audience)
    print(turn, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX systems do")
def test_a_killed_build_leaves_a_whole_release_each_time(tmp_path: Path) -> None:
    study = write_world(tmp_path / "study", 40, answers=draw_answers(40, 2))
    out = tmp_path / "out"
    write_release(study, out)
    chance = random.Random(5)
    turns = 0
    for kill in range(KILLS // 5):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(out)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        if kill == 0:  # however busy the machine is
            assert worker.stdout.readline() == "1\n"
        for _ in range(5):
            # stopped in its tracks, looked at, let go on; the last time killed
            time.sleep(chance.uniform(0.0, 0.12))
            worker.send_signal(signal.SIGSTOP)
            for audience in ("internal", "members", "public"):
                turns = max(turns, int(read_release(out / audience).manifest.get("turn", 0)))
            worker.send_signal(signal.SIGCONT)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        for audience in ("internal", "members", "public"):
            read_release(out / audience)
    assert turns > 0, "no Release was written over: nothing was tested"
    with only_build(out):
        assert sorted(p.name for p in out.iterdir()) == ["internal", "members", "public"]


def test_two_builds_at_once_on_one_output_are_named(tmp_path: Path) -> None:
    study = write_world(tmp_path / "study", 40, answers=draw_answers(40, 2))
    out = tmp_path / "out"
    out.mkdir()
    with only_build(out), pytest.raises(Fault) as caught:
        write_release(study, out)
    assert "another build" in caught.value.found
    assert list(out.iterdir()) == []


def test_where_names_cannot_be_exchanged_a_half_made_move_is_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.release.staging._exchange", lambda one, other: False)
    old, new = tmp_path / "members", tmp_path / ".members-new"
    for folder, text in ((old, "old"), (new, "new")):
        folder.mkdir()
        (folder / "a").write_text(text)
    put_in_place(new, old)
    assert (old / "a").read_text() == "new"
    # killed between its two moves
    aside = tmp_path / ".members-old-x"
    aside.mkdir()
    os.replace(old, aside / "members")
    with only_build(tmp_path):
        assert (old / "a").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["members"]
