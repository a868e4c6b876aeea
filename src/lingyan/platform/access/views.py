"""The access table as a page: filtered, printed, taken out as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lingyan.common.sheet import Column, Sheet
from lingyan.common.workbook import write_rows
from lingyan.platform.access.table import ROLE_LABELS, Entry, Kind, entries, role_words
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.exchange.exporting import export_banner
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import ShownFilter

ADMINISTRATORS = ("sys_admin", "sec_admin", "audit_admin", "county_org_admin")

SHEET = Sheet(
    "access",
    "权限表",
    (
        Column("object", "对象"),
        Column("action", "办理"),
        Column("kind", "方式"),
        Column("where", "地址或命令"),
        Column("roles", "可办的身份", max_length=2000),
    ),
    (),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for, in the words of the filter bar."""

    entries: list[Entry]
    search_text: str
    filters: list[ShownFilter]
    has_search: bool = True
    search_hint: str = "对象、办理或地址"
    sort_name: str = ""
    sort_descending: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.search_text) or any(one.value for one in self.filters)


@page(*ADMINISTRATORS)
def access_table(request: HttpRequest) -> HttpResponse:
    """Who may do what; rows of one object stand together."""
    shown = _shown(request)
    lines = [(one, role_words(one.roles)) for one in shown.entries]
    context = {"listing": shown, "lines": lines, "total": len(lines)}
    return render(request, "access/access_table.html", context)


@page(*ADMINISTRATORS)
def access_export(request: ActedRequest) -> HttpResponse:
    """The same rows as a workbook."""
    target = BytesIO()
    rows = (
        {
            "object": one.object,
            "action": one.action,
            "kind": one.kind.label,
            "where": one.where,
            "roles": "、".join(role_words(one.roles)),
        }
        for one in _shown(request).entries
    )
    write_rows(target, SHEET, rows, banner=export_banner(request.actor, "权限核对"))
    return workbook(target.getvalue(), "access.xlsx")


def _shown(request: HttpRequest) -> Shown:
    asked, found = request.GET, entries()
    text = asked.get("q", "").strip()[:60]
    objects = list(dict.fromkeys(one.object for one in found))
    filters = [
        ShownFilter("role", "身份", tuple(ROLE_LABELS.items()), asked.get("role", "")),
        ShownFilter("object", "对象", [(name, name) for name in objects], asked.get("object", "")),
        ShownFilter("kind", "方式", Kind.choices(), asked.get("kind", "")),
    ]
    filters = [_known(one) for one in filters]
    role, wanted, kind = (one.value for one in filters)
    found = [
        one
        for one in found
        if (not role or one.open_to(role))
        and (not wanted or one.object == wanted)
        and (not kind or one.kind == kind)
        and (not text or text in f"{one.object} {one.action} {one.where}")
    ]
    return Shown(found, text, filters)


def _known(one: ShownFilter) -> ShownFilter:
    """A choice that does not exist is no choice, as on every list."""
    value = one.value if one.value in {code for code, _ in one.choices} else ""
    return ShownFilter(one.name, one.label, one.choices, value)
