"""Files made in a process of their own: the same bytes, steps, faults; stopped, it is gone."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dashboard.aside import Aside, make_aside
from dashboard.export.making import make_brief
from dashboard.selection import View
from dashboard.shelf import open_shelf
from dashboard.steps import Stopped, Tick
from survey import FileFault


def tell_steps(many: int, tick: Tick) -> bytes:
    """So many steps, and the process they were taken in; what is printed is no part of it."""
    for at in range(many):
        tick("slide", at, many)
        print("printed")
    return str(os.getpid()).encode()


def wait_long(seen: str, tick: Tick) -> bytes:
    """Begin, tell of it, and go on for a minute."""
    Path(seen).write_text(str(os.getpid()))
    tick("slide", 1, 2)
    time.sleep(60)
    return b""


def tell_slowly(seen: str, tick: Tick) -> bytes:
    """Tell of steps for a minute, unless nobody listens."""
    Path(seen).with_suffix(".new").write_text(str(os.getpid()))
    Path(seen).with_suffix(".new").rename(seen)
    for at in range(600):
        tick("slide", at, 600)
        time.sleep(0.1)
    return b""


def fail(how: str, tick: Tick) -> bytes:
    """End as told: with a fault, or without a word."""
    if how == "fault":
        raise FileFault("a", "b", "c", "d")
    os._exit(3)


def niceness(tick: Tick) -> bytes:
    """How far this process stands back."""
    return str(os.nice(0)).encode()


def test_steps_and_result_come_from_another_process() -> None:
    steps: list[tuple[Any, ...]] = []
    made = make_aside(tell_steps, 3, tick=lambda *step: steps.append(step))
    assert steps == [("slide", at, 3) for at in range(3)]
    assert int(made) != os.getpid()


def test_a_fault_is_raised_here_and_a_sudden_end_is_told() -> None:
    with pytest.raises(FileFault) as fault:
        make_aside(fail, "fault")
    assert (fault.value.where, fault.value.do) == ("a", "d")
    with pytest.raises(ChildProcessError):
        make_aside(fail, "sudden")


def test_stopped_work_leaves_no_process(tmp_path: Path) -> None:
    def stop(*_: Any) -> None:
        raise Stopped

    begun = time.monotonic()
    with pytest.raises(Stopped):
        make_aside(wait_long, str(tmp_path / "seen"), tick=stop)
    assert time.monotonic() - begun < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "seen").read_text()), 0)


def test_one_that_stays_does_piece_after_piece_and_ends_when_it_rests() -> None:
    stays = Aside(rest=1.0)
    first, again = (int(stays.make(tell_steps, 0)) for _ in range(2))
    assert first == again != os.getpid()
    with pytest.raises(FileFault):
        stays.make(fail, "fault")
    assert int(stays.make(tell_steps, 0)) == first
    until = time.monotonic() + 20
    while stays._there is not None and stays._there.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert int(stays.make(tell_steps, 0)) != first
    with pytest.raises(ChildProcessError):
        stays.make(fail, "sudden")
    assert int(stays.make(tell_steps, 0)) > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no signals that end a process here")
def test_it_ends_without_a_word_when_who_asked_is_gone(tmp_path: Path) -> None:
    code = "from dashboard.aside import make_aside; from tests.dashboard.test_aside import tell_slowly;"
    code += f"make_aside(tell_slowly, {str(tmp_path / 'seen')!r})"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as asking:
        until = time.monotonic() + 60
        while not (tmp_path / "seen").exists() and time.monotonic() < until:
            time.sleep(0.05)
        asking.kill()
        said = asking.communicate(timeout=60)[1]  # ends once the other process has closed it too
    assert (tmp_path / "seen").exists() and said == b""


@pytest.mark.skipif(not hasattr(os, "nice"), reason="no order of processes here")
def test_it_stands_back_behind_pages() -> None:
    assert int(make_aside(niceness)) >= min(19, os.nice(0) + 10)  # no process stands back further than 19


@pytest.mark.parametrize("form", ["pptx", "xlsx"])
def test_a_brief_made_aside_is_the_same(internal: Path, form: str) -> None:
    shelf = open_shelf(internal)
    here: list[tuple[Any, ...]] = []
    there: list[tuple[Any, ...]] = []
    aside = make_brief(shelf, View(lang="ja"), form, is_aside=True, tick=lambda *step: there.append(step))
    assert aside == make_brief(shelf, View(lang="ja"), form, tick=lambda *step: here.append(step))
    assert here == there and len(here) > 2


def test_the_other_process_reads_no_tables() -> None:
    """What makes decks and workbooks begins fast: it knows the story, not how its numbers are kept."""
    code = "import sys, dashboard.aside, dashboard.export.deck, dashboard.command.workbook;"
    code += "print(sorted({'pandas', 'numpy', 'analysis', 'dash', 'flask'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
