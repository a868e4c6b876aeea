"""Which functions may run in the background? `config.wiring` fills this list at start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lingyan.platform.accounts.actor import Actor

Report = Callable[[int, str], None]
"""Tells the waiting person how far the work is: percent 0..100 and a sentence."""

Work = Callable[..., str]
"""`work(*, actor, report, **arguments) -> result address`."""

KINDS: dict[str, Work] = {}
ACTOR_OF: list[Callable[[dict[str, Any]], Actor]] = []
"""One function that finds the actor again in the worker, with the rights of that moment."""

KEY_OF: list[Callable[[Actor], dict[str, Any]]] = []
"""One function that says what the worker needs to find the actor again."""

ROUTINES: list[Callable[[], object]] = []
"""What the worker does of itself once in a while; each must do no harm when done again."""

DAILY: list[Callable[[], object]] = []
"""The same, once a day: what reads the records of a whole county."""

WARM_UPS: list[Callable[[], object]] = []
"""What a worker may get ready in the background while it waits for its first job."""
