"""Makes a file in a process of its own: the one that serves neither keeps its libraries nor waits."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from dashboard.steps import Tick, untold

__all__ = ["make_aside"]


def make_aside(make: Callable[..., bytes], *given: Any, tick: Tick = untold, **named: Any) -> bytes:
    """What `make(*given, tick=tick, **named)` returns, worked out by another Python that ends with it.

    Parameters
    ----------
    make : callable
        A function of a module, found there by its name.
    given, named
        Things that can be pickled.
    tick : Tick
        Told here of each step taken there; one that raises ends the work.

    Raises
    ------
    survey.Fault
        The one that was raised there.
    ChildProcessError
        It ended without a word.
    """
    command = [sys.executable, "-m", "dashboard.export.aside"]
    around = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=around) as there:
        if there.stdin is None or there.stdout is None:
            raise ChildProcessError("no way to speak to the other process")
        try:
            with there.stdin as told:
                pickle.dump((make, given, named), told)
            while True:
                kind, what = pickle.load(there.stdout)
                if kind == "made":
                    return bytes(what)
                if kind == "failed":
                    raise what
                tick(*what)
        except (EOFError, BrokenPipeError) as error:
            raise ChildProcessError("the other process ended before its work was done") from error
        finally:
            there.kill()


def _work() -> None:
    """Read what is asked for, do it, and tell of steps and of what came of it; nothing else is said."""
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def tell(kind: str, what: Any) -> None:
        pickle.dump((kind, what), said)
        said.flush()

    make, given, named = pickle.load(sys.stdin.buffer)
    try:
        made = make(*given, tick=lambda *step: tell("step", step), **named)
    except Exception as error:
        tell("failed", error)
    else:
        tell("made", made)


if __name__ == "__main__":
    _work()
