"""Where did the chain stand at the end of a day, in a form that can be printed and kept outside?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingyan.platform.audit.models import ChainHead, DailyAnchor

HEADING = "领雁 操作留痕每日封存 lingyan-audit-anchor/1"
LINE = re.compile(r"^\s*(\d{4}-\d\d-\d\d)\s+(\d+)\s+(\d+)\s+([0-9a-f][0-9a-f ]{63,})\s*$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day, how many entries it has, and number and hash of the last."""

    day: date
    day_count: int
    last_number: int
    last_hash: str

    @classmethod
    def of(cls, stored: DailyAnchor) -> Anchor:
        return cls(stored.day, stored.day_count, stored.last_number, stored.last_hash)

    @property
    def hash_groups(self) -> list[str]:
        """Eight digits at a time, to be compared by eye."""
        return [self.last_hash[start : start + 8] for start in range(0, 64, 8)]

    @property
    def line(self) -> str:
        groups = " ".join(self.hash_groups)
        return f"{self.day:%Y-%m-%d}  {self.day_count:>7}  {self.last_number:>9}  {groups}"


def list_anchors(*, since: date | None = None) -> list[Anchor]:
    """The sealed days, newest first, and on top the day that is still going on."""
    days = DailyAnchor.objects.all()
    found = [Anchor.of(one) for one in (days.filter(day__gte=since) if since else days)]
    head = ChainHead.objects.filter(pk=1, day__isnull=False).first()
    if head is not None and head.day is not None:
        found.insert(0, Anchor(head.day, head.day_count, head.last_number, head.last_hash))
    return found


def anchors_text(anchors: Iterable[Anchor]) -> str:
    """What is printed or kept; `parse_anchors` reads it, and so can a person."""
    head = f"# {HEADING}\n# 日期  当日条数  末条序号  末条摘要（SM3）\n"
    return head + "".join(f"{one.line}\n" for one in anchors)


def parse_anchors(text: str) -> list[Anchor]:
    """Every line that holds an anchor; typed by hand from paper is as good as a copy."""
    found = []
    for line in text.splitlines():
        if not (match := LINE.match(line)):
            continue
        day, day_count, number, digits = match.groups()
        plain = digits.replace(" ", "")
        if len(plain) == 64:
            found.append(Anchor(date.fromisoformat(day), int(day_count), int(number), plain))
    return found
