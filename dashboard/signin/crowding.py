"""Too many requests at once from one session or place wait: a bucket each, filled again steadily."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

from dashboard.access import plain_headers
from dashboard.benchmarked import BENCHMARK_POSTS
from dashboard.briefs import BRIEFS
from dashboard.downloads import DOWNLOADS
from dashboard.own import OWN_STEPS
from dashboard.refusals import refusal_page
from dashboard.selection import read_address
from dashboard.wording import say

__all__ = ["Crowded", "Crowding", "cost_of"]

_BURST, _PER_SECOND = 400.0, 40.0
"""A page takes 30 requests when nothing is kept; a person turns a few pages a second at most."""

_COSTS = {
    **{("GET", path): 5.0 for path in DOWNLOADS},
    **{("GET", path): 40.0 for path in (*BRIEFS, OWN_STEPS)},
    **{("POST", path): 40.0 for path in BENCHMARK_POSTS},
    ("POST", "/sign-in"): 5.0,
    ("GET", "/sign-in/start"): 5.0,
    ("GET", "/sign-in/back"): 10.0,
}
"""What weighs more than a page or a piece of one: work, memory, or a question to a provider."""

_MOST = 20_000


def cost_of(method: str, path: str) -> float:
    """How many plain requests one weighs."""
    if path.startswith("/welcome/"):
        return _COSTS["POST", "/sign-in"]
    return _COSTS.get((method, path), 1.0)


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

    def is_too_many(self, key: str, cost: float = 1.0) -> bool:
        """Count a request that weighs as much as `cost` plain ones; whether it is one too many now."""
        with self._lock:
            now = self._clock()
            left, last = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - last) * self._per_second)
            is_over = left < cost
            self._left[key] = (left if is_over else left - cost, now)
            if len(self._left) > _MOST:
                self._left.popitem(last=False)
            return is_over


class Crowded:
    """A WSGI application before another that nobody signs in to: each place its bucket.

    Parameters
    ----------
    inner : WSGI application
    """

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner
        self._crowding = Crowding()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or ask to wait."""
        path, method = str(environ.get("PATH_INFO", "")), str(environ.get("REQUEST_METHOD", ""))
        if not self._crowding.is_too_many(str(environ.get("REMOTE_ADDR", "")), cost_of(method, path)):
            return self._inner(environ, start_response)
        view = read_address(str(environ.get("QUERY_STRING", ""))[:1000])
        page = refusal_page(view, say(view.lang, "signin.too_many"))
        headers = {**plain_headers(), "Retry-After": "2"}
        return Response(page, status=429, mimetype="text/html", headers=headers)(environ, start_response)
