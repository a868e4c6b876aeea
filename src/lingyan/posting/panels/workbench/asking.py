"""How far is a price that takes the solver again, and what did it say?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingyan.common.packed import unpack
from lingyan.posting.matching import split_post
from lingyan.posting.queries import workbench as queries


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: nobody has asked yet, it is being worked on, it failed, or it is answered."""

    key: str
    answer: dict[str, Any] | None = None
    at_work: bool = False
    percent: int = 0
    message: str = ""

    @property
    def person(self) -> str:
        return self.key.split("|")[1]

    @property
    def village(self) -> str:
        return self._post[0]

    @property
    def role(self) -> str:
        return self._post[1]

    @property
    def _post(self) -> tuple[str, str]:
        return split_post(self.key.split("|")[2])

    @property
    def left(self) -> int:
        """How many were not looked at because time was over."""
        return int((self.answer or {}).get("left", 0))

    @property
    def ruled_out(self) -> bool:
        """Whether those are surely dearer than what is shown."""
        return bool((self.answer or {}).get("ruled_out"))


def asked_of(plan_id: UUID, keys: Iterable[str]) -> dict[str, Asking]:
    """What has become of each question."""
    found = {key: Asking(key) for key in keys}
    for one, job in queries.list_questions(plan_id, found):
        at_work = job is not None and job.state in (job.State.WAITING, job.State.RUNNING)
        failed = job is not None and job.state == job.State.FAILED
        found[one.key] = Asking(
            one.key,
            unpack(bytes(one.answer)) if one.answer else None,
            at_work,
            job.progress_percent if job else 0,
            job.message if job and (at_work or failed) else "",
        )
    return found
