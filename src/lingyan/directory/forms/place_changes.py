"""What is typed about joining, parting, renaming and moving villages?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.directory import queries
from lingyan.directory.actions.place_changes import ChangeRequest, Result
from lingyan.directory.forms.records import PlaceField, date_field, place_text
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceChangeKind
from lingyan.platform.accounts.actor import Scope

Kind = PlaceChangeKind
SEPARATORS = str.maketrans(dict.fromkeys("，,；;\n\r\t ", "、"))
FIELDS = {
    Kind.MERGE: ("sources", "goes_on", "name", "code", "edition"),
    Kind.SPLIT: ("source", "ends", "parts", "edition"),
    Kind.RENAME: ("source", "name", "code", "edition"),
    Kind.RECODE: ("source", "code", "edition"),
    Kind.MOVE: ("source", "town", "code", "edition"),
}
PAPER = ("effective_on", "document_number", "reason")
BESIDE = {
    "directory.name_missing": "name",
    "directory.change_name_taken": "name",
    "directory.code_taken": "code",
    "directory.village_code": "code",
    "directory.code_edition": "edition",
    "directory.recode_code": "code",
    "directory.change_no_document": "document_number",
    "directory.change_in_future": "effective_on",
    "directory.change_before_last": "effective_on",
    "directory.merge_shape": "sources",
    "directory.split_shape": "parts",
    "directory.move_town": "town",
    "directory.change_ended": "source",
    "directory.change_not_a_village": "source",
}


class PlaceChangeForm(forms.Form):
    """One form for the five kinds; each asks only for what it needs."""

    source = forms.CharField(
        label="区划", max_length=80, help_text="村名，同名的前面加乡镇，如 龙泉乡罗盘村"
    )
    sources = forms.CharField(
        label="合并的村", max_length=400, help_text="两个以上，用顿号分开，如 罗盘村、桃溪村"
    )
    goes_on = forms.ChoiceField(
        label="合并后",
        choices=[("", "新设一个村，原来的村都撤销"), ("first", "并入上面写的第一个村，它继续存在")],
        required=False,
    )
    ends = forms.ChoiceField(
        label="原村",
        choices=[("", "继续存在，分出新村"), ("yes", "撤销，全部成为新村")],
        required=False,
    )
    parts = forms.CharField(
        label="新村",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个：村名，后面可空一格写 12 位代码，如 东岭村 511722223299",
    )
    name = forms.CharField(label="新的全称", max_length=80, help_text="如 青溪村村民委员会")
    town = PlaceField(Place.objects.none(), label="划入的乡镇", empty_label="请选择")
    code = forms.RegexField(
        r"^\d{12}$", label="新的统计用区划代码", required=False,
        help_text="12 位；还没有的不填，原代码会留在历史里",
        error_messages={"invalid": "区划代码应为 12 位数字"},
    )  # fmt: skip
    edition = forms.CharField(
        label="代码版本", max_length=10, required=False, help_text="填了代码就要填，如 2026"
    )
    effective_on = date_field("生效日期", required=True, help_text="批复上写的日期")
    document_number = forms.CharField(label="批复文号", max_length=60)
    reason = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(
        self, kind: Kind, *args: Any, scope: Scope, towns: QuerySet[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self._scope = kind, scope
        for name in set(self.fields) - {*FIELDS[kind], *PAPER}:
            del self.fields[name]
        self.order_fields((*FIELDS[kind], *PAPER))
        self.fields["effective_on"].initial = clock.today
        if "town" in self.fields:
            field = self.fields["town"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = towns
        if kind is Kind.RECODE:
            self.fields["code"].required = self.fields["edition"].required = True

    def _one(self, text: str) -> Place:
        found = queries.find_places(self._scope, text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(f"没有找到“{text}”，请写现在的村名，前面可加乡镇")
        named = "、".join(place_text(place) for place in found[:5])
        raise forms.ValidationError(f"有 {len(found)} 个同名：{named}。请在前面加上乡镇")

    def clean_source(self) -> Place:
        return self._one(self.cleaned_data["source"])

    def clean_sources(self) -> list[Place]:
        names = self.cleaned_data["sources"].translate(SEPARATORS).split("、")
        return list(dict.fromkeys(self._one(name) for name in names if name))

    def clean_parts(self) -> list[tuple[str, str]]:
        parts = []
        for line in self.cleaned_data["parts"].splitlines():
            name, _, code = line.strip().partition(" ")
            if code.strip() and not (len(code.strip()) == 12 and code.strip().isdigit()):
                raise forms.ValidationError(f"“{line.strip()}”：代码应为 12 位数字，写在村名后面")
            if name:
                parts.append((name, code.strip()))
        return parts

    def request(self) -> ChangeRequest:
        given = self.cleaned_data
        sources = tuple(given.get("sources") or [given["source"]])
        return ChangeRequest(
            self.kind,
            sources,
            self._results(sources),
            given["effective_on"],
            given["document_number"],
            given.get("town"),
            given["reason"],
        )

    def _results(self, sources: tuple[Place, ...]) -> tuple[Result, ...]:
        given, first = self.cleaned_data, sources[0]
        if self.kind is Kind.SPLIT:
            parts = [Result(name, code, given["edition"]) for name, code in given["parts"]]
            stays = [] if given["ends"] else [Result(first.name, keeps=first)]
            return (*stays, *parts)
        goes_on = self.kind is not Kind.MERGE or given["goes_on"] == "first"
        name = given.get("name") or first.name
        return (Result(name, given["code"], given["edition"], first if goes_on else None),)


class UndoForm(forms.Form):
    reason = forms.CharField(label="撤销原因", max_length=200)
