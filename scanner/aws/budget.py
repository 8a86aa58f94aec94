"""How many calls a run makes, how fast, and what they cost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from scanner.aws.errors import BudgetError, NotCollectedError

COST_EXPLORER_DOLLARS = 0.01
"""What each request to Cost Explorer costs (AWS's price list)."""


class Budget:
    """Counts calls by operation and refuses those over `most`; spaces requests `rate` a second apart (0: no limit).

    It is shared by all threads. A retry is no further call, but waits for the rate as every request does. Once it is
    stopped, it refuses every call.
    """

    def __init__(self, most: int = 0, rate: float = 0) -> None:
        self.most = most
        self.rate = rate
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._next = 0.0
        self.stopped = ""
        self.when_stopped: Callable[[], None] = lambda: None

    def stop(self, reason: str) -> None:
        """No further call is made, since `reason`. It may be called from the handler of a signal."""
        self.stopped = reason
        self.when_stopped()

    def take(self, operation: str) -> None:
        """Counts one call of `service:Operation`. Raises NotCollectedError where none may be made any more."""
        if self.stopped:
            raise NotCollectedError(self.stopped)
        with self._lock:
            if self.most and self.calls.total() >= self.most:
                raise BudgetError(f"the budget of {self.most} calls is used up")
            self.calls[operation] += 1

    def wait(self) -> None:
        """Sleeps until the next request may be sent."""
        if self.rate <= 0:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + 1 / self.rate
        if turn > now:
            time.sleep(turn - now)

    @property
    def total(self) -> int:
        """All calls so far."""
        return self.calls.total()

    @property
    def dollars(self) -> float:
        """What the calls of Cost Explorer cost so far."""
        return cost(self.calls)


def cost(calls: Counter[str]) -> float:
    """What these calls (`service:Operation` → number) cost in US dollars."""
    return sum(count for name, count in calls.items() if name.startswith("ce:")) * COST_EXPLORER_DOLLARS
