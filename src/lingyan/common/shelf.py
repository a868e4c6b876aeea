"""What is dear to work out and never changes: how is it kept ready in this process?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")


class Shelf:
    """The last few things that were asked for, by name.

    Plans never change once stored, so what was worked out from one stays true. Two requests that
    ask for the same thing at once must not both work for it: the second waits for the first.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = RLock()

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if name not in self._things:
                self._things[name] = make()
                while len(self._things) > self._size:
                    self._things.popitem(last=False)
            self._things.move_to_end(name)
            kept: T = self._things[name]
            return kept

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
