"""Too many requests at once from one session or place wait: a bucket each, filled again steadily."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Crowding"]

_BURST, _PER_SECOND = 400.0, 40.0
"""A page takes 30 requests when nothing is kept; a person turns a few pages a second at most."""

_MOST = 20_000


class Crowding:
    """Counts of requests, in this process alone.

    Parameters
    ----------
    burst, per_second : float
        Requests at once, and from then on.
    clock : callable
        Seconds that never run backwards.
    """

    def __init__(
        self,
        burst: float = _BURST,
        per_second: float = _PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def is_too_many(self, key: str) -> bool:
        """Count a request; whether it is one too many now."""
        with self._lock:
            now = self._clock()
            left, last = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - last) * self._per_second)
            is_over = left < 1.0
            self._left[key] = (left if is_over else left - 1.0, now)
            if len(self._left) > _MOST:
                self._left.popitem(last=False)
            return is_over
