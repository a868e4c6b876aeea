"""Which modules, pages, background jobs and sheets make up the product? The one list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ANY_ROLE
from lingyan.platform.ui.worklist import WorkItem


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    label: str
    icon: str
    url_name: str
    roles: tuple[str, ...] = (ANY_ROLE,)

    def open_to(self, role: str) -> bool:
        return ANY_ROLE in self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class NavigationSection:
    title: str
    entries: tuple[NavigationEntry, ...]


COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER)

# No menu entry without a page behind it: a test opens each one for each role.
NAVIGATION: tuple[NavigationSection, ...] = (
    NavigationSection("", (NavigationEntry("待办事项", "list", "worklist"),)),
    NavigationSection(
        "管理",
        (
            NavigationEntry("账号", "people", "account_list", (Role.SYS_ADMIN,)),
            NavigationEntry("操作留痕", "clock", "audit_list", (Role.AUDIT_ADMIN,)),
        ),
    ),
)


def worklist_sources() -> tuple[Callable[[Actor], list[WorkItem]], ...]:
    """Each module's own `panels.worklist`; asked in this order."""
    return ()


def worklist(actor: Actor) -> list[WorkItem]:
    """Everything that waits for this person, what is overdue first."""
    items = [item for source in worklist_sources() for item in source(actor)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or 0))


def connect() -> None:
    """Hand the platform what the modules offer; called once when Django is ready."""
    from lingyan.directory import queries
    from lingyan.directory.rules import AUDIT_TEXTS as DIRECTORY_TEXTS
    from lingyan.platform.audit import texts
    from lingyan.platform.jobs import registry

    registry.ACTOR_OF[:] = [queries.find_actor]
    texts.TEXTS.update(DIRECTORY_TEXTS)
