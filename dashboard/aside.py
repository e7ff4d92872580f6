"""Work in a process of its own: the one that serves neither keeps its libraries nor waits for a processor."""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from dashboard.places import away
from dashboard.steps import Tick, untold

__all__ = ["Aside", "make_aside"]

_NICE = 10
"""How far the work stands back: who waits for a page goes before who waits for a file."""


class Aside:
    """Another Python that does one piece of work after another, and ends when it had none for a while.

    Parameters
    ----------
    rest : float
        Seconds without work after which it ends; 0: after each piece.
    """

    def __init__(self, rest: float = 0.0) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._there: subprocess.Popen[bytes] | None = None

    def make(self, make: Callable[..., Any], *given: Any, tick: Tick = untold, **named: Any) -> Any:
        """What `make(*given, tick=tick, **named)` returns, worked out there.

        Parameters
        ----------
        make : callable
            A function of a module, found there by its name.
        given, named
            Things that can be pickled, as what is returned.
        tick : Tick
            Told here of each step taken there; one that raises ends the work.

        Raises
        ------
        survey.Fault
            The one that was raised there.
        ChildProcessError
            It ended without a word.
        """
        with away(), self._lock:
            was_there = self._there is not None
            for is_last in (not was_there, True):
                try:
                    return self._made((make, given, named), tick)
                except (EOFError, BrokenPipeError) as error:
                    if is_last:
                        said = "the other process ended before its work was done"
                        raise ChildProcessError(said) from error
            raise ChildProcessError("the other process could not be begun")

    def _made(self, asked: tuple[Any, ...], tick: Tick) -> Any:
        there = self._there = self._there or _begun(self._rest)
        is_whole = False
        try:
            if there.stdin is None or there.stdout is None:
                raise ChildProcessError("no way to speak to the other process")
            pickle.dump(asked, there.stdin)
            there.stdin.flush()
            while True:
                kind, what = pickle.load(there.stdout)
                is_whole = kind != "step"
                if kind == "made":
                    return what
                if kind == "failed":
                    raise what
                tick(*what)
        finally:
            if not is_whole or self._rest <= 0:
                self._there = None
                there.kill()
                there.communicate()


def make_aside(make: Callable[..., Any], *given: Any, tick: Tick = untold, **named: Any) -> Any:
    """One piece of work in a Python that ends with it; as `Aside.make`."""
    return Aside().make(make, *given, tick=tick, **named)


def _begun(rest: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dashboard.aside", str(rest)]
    around = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=around)


def _work(rest: float) -> NoReturn:
    """Read what is asked for, do it, tell of steps and of what came of it, and again; all it ever says."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    asked, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def tell(kind: str, what: Any) -> None:
        pickle.dump((kind, what), said)
        said.flush()

    while True:
        waiting = threading.Timer(rest or 60.0, os._exit, (0,))
        waiting.daemon = True
        waiting.start()
        is_asked = bool(asked.peek(1))
        waiting.cancel()
        if not is_asked:
            os._exit(0)
        make, given, named = pickle.load(asked)
        try:
            made = make(*given, tick=lambda *step: tell("step", step), **named)
        except Exception as error:
            tell("failed", error)
        else:
            tell("made", made)


if __name__ == "__main__":
    _work(float(sys.argv[1]))
