"""One page of what a county sets for itself, for all modules."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.common import clock
from lingyan.common.county_settings import REGISTER, UNVERIFIED, Setting
from lingyan.directory.actions.settings import set_setting
from lingyan.directory.forms.settings import SettingForm
from lingyan.directory.models import CountySetting
from lingyan.directory.queries import get_county
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import ADMIN, LEADER, STAFF, TOWN, UNIT
from lingyan.directory.settings import list_settings
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.refusing import carry_out, status_of

READERS = (*STAFF, *LEADER, *TOWN, *UNIT, Role.COUNTY_FINANCE)
BESIDE = {
    "directory.setting.number": "amount",
    "directory.setting.money": "amount",
    "directory.setting.clause": "clause",
    "directory.setting.document": "clause",
    "directory.setting.day": "since",
    "directory.setting.known": "since",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One key: what holds today and by what, and every number that was ever set."""

    setting: Setting
    held: CountySetting | None
    history: tuple[CountySetting, ...]

    @property
    def shown(self) -> str:
        if self.held is not None:
            return self.held.shown
        usual = self.setting.usual
        return "未定" if usual is None else self.setting.show(usual)

    @property
    def mark(self) -> str:
        """Beside a usual value that nobody has read in a document (0.1)."""
        return UNVERIFIED if self.held is None and self.setting.mark == "U" else ""


def _groups(found: list[CountySetting]) -> dict[str, list[Line]]:
    today, groups = clock.today(), dict[str, list[Line]]()
    for setting in REGISTER.values():
        history = tuple(one for one in found if one.key == setting.key)
        if setting.is_quiet and not history:
            continue
        held = next((one for one in history if one.since <= today), None)
        groups.setdefault(setting.group, []).append(Line(setting, held, history))
    return groups


@page(*READERS)
def county_settings(request: ActedRequest) -> HttpResponse:
    """What holds, since when, by which document; the county's administrator adds a line."""
    county = get_county(request.actor.scope)
    may_set = request.actor.role in ADMIN
    if request.method == "POST" and not may_set:
        return render(request, "ui/forbidden.html", status=403)
    form = SettingForm(request.POST or None, initial={"key": request.GET.get("key", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        carry_out(form, lambda: set_setting(county, actor=request.actor, **said), beside=BESIDE)
        if not form.errors:
            messages.success(request, "标准已登记")
            return redirect("county_settings")
    found = list(list_settings(county).order_by("-since", "-pk"))
    context = {
        "county": county,
        "groups": _groups(found).items(),
        "form": form if may_set else None,
    }
    return render(request, "directory/county_settings.html", context, status=status_of(form))
