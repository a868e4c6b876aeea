"""Which role may do what, by the code's own declarations? `config.access` fills the sources.

Nothing here is written down by hand: every row is read from the place that enforces it, the gate of
a page, a process table, a kind of sheet, an operation of the API, a command, a kind of job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lingyan.common.choices import Choice
from lingyan.platform.accounts.gate import ANY_ROLE, PUBLIC

SERVER = "server"
"""Whoever may sign in to the server itself; no role of the product opens it."""


class Kind(Choice):
    PAGE = "page", "页面"
    STEP = "step", "办理环节"
    SHEET = "sheet", "表格"
    OPERATION = "operation", "数据接口"
    JOB = "job", "后台作业"
    COMMAND = "command", "命令"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who may do one thing with one kind of object, and where."""

    kind: Kind
    code: str
    object: str
    action: str
    where: str
    roles: tuple[str, ...]

    def open_to(self, role: str) -> bool:
        return PUBLIC in self.roles or ANY_ROLE in self.roles or role in self.roles


Source = Callable[[], Iterable[Entry]]

SOURCES: list[Source] = []
ROLE_LABELS: dict[str, str] = {}
WORDS = {
    ANY_ROLE: "所有身份（只见本人或管辖范围内的）",
    PUBLIC: "不登录也可",
    SERVER: "能登录服务器的人",
}


def entries() -> list[Entry]:
    """The whole table, by object; read anew each time, so that it is never out of date."""
    found = [entry for source in SOURCES for entry in source()]
    order = list(Kind)
    return sorted(found, key=lambda one: (one.object, order.index(one.kind), one.where, one.action))


def role_words(roles: Iterable[str]) -> list[str]:
    """The roles as people call them."""
    labels = {**ROLE_LABELS, **WORDS}
    order = list(labels)
    return [labels[role] for role in sorted(set(roles), key=order.index)]
