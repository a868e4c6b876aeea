"""Who may move a process from one state to the next, and what must hold?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lingyan.common.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a process table: from, act, to, who, what must hold."""

    before: str
    act: str
    after: str
    roles: tuple[str, ...]
    label: str
    holds: str = ""
    number: str = ""


def fan_in(befores: Iterable[str], line: Transition) -> tuple[Transition, ...]:
    """The same act from several states ("any → cancelled"), written out line by line."""
    return tuple(replace(line, before=before) for before in befores)


def find_transition(table: Sequence[Transition], *, state: str, act: str) -> Transition | None:
    for line in table:
        if line.before == state and line.act == act:
            return line
    return None


def open_acts(table: Sequence[Transition], *, state: str, role: str) -> tuple[Transition, ...]:
    """The acts that this role finds as buttons in this state."""
    return tuple(line for line in table if line.before == state and role in line.roles)


def refuse_act(
    table: Sequence[Transition], *, state: str, act: str, role: str, thing: str
) -> tuple[Refusal, ...]:
    """Say why the act is not open: wrong state, or a role that it does not belong to."""
    line = find_transition(table, state=state, act=act)
    if line is None:
        return (Refusal(f"{thing}.wrong_state", "当前状态不能办理此事项，请刷新后再看"),)
    if role not in line.roles:
        return (Refusal(f"{thing}.wrong_role", f"您的角色不能“{line.label}”"),)
    return ()
