"""What is typed into a health check, its review and a need list?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from lingyan.posting import rules
from lingyan.posting.actions.health_checks import Answers
from lingyan.posting.actions.need_lists import NeedItemRow, NeedListRow
from lingyan.posting.models import HealthCheck, NeedItem, NeedList
from lingyan.posting.rules.assessments import refuse_remark

SCORES = [(code, f"{code} {label}") for code, label in rules.Severity.choices()]
SEATS = [(str(number), f"{number} 名") for number in range(7)]


def clean_remark(text: str) -> str:
    """The refusal of the rule, said beside the field while it is still being typed."""
    if refusals := refuse_remark(text):
        raise forms.ValidationError([one.text for one in refusals])
    return text.strip()


@dataclass(frozen=True, slots=True)
class ItemFields:
    """One of the 16 items as the page shows it: score, sentence, what the system offers."""

    item: rules.CheckItem
    score: forms.BoundField
    text: forms.BoundField
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainFields:
    domain: rules.NeedDomain
    items: tuple[ItemFields, ...]


class HealthCheckForm(forms.Form):
    """All 16 items on one page. Nothing is required here: a draft may be saved half done."""

    first_secretary_seats = forms.TypedChoiceField(
        label="需要第一书记",
        choices=[("1", "1 名"), ("0", "不需要")],
        coerce=int,
        widget=forms.RadioSelect,
    )
    member_seats = forms.TypedChoiceField(label="需要工作队员", choices=SEATS, coerce=int)
    profile_remark = forms.CharField(
        label="人选条件说明",
        required=False,
        max_length=500,
        help_text="只写与工作有关的条件，如“熟悉茶叶产销”；不写性别、年龄、婚育",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, evidence: Mapping[str, tuple[str, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._evidence = evidence
        for item in rules.CheckItem:
            self.fields[f"score_{item.value}"] = forms.TypedChoiceField(
                label=item.label,
                choices=SCORES,
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect,
            )
            self.fields[f"text_{item.value}"] = forms.CharField(
                label=f"{item.label}情况说明",
                required=False,
                max_length=500,
                widget=forms.TextInput(attrs={"placeholder": "一句话说明情况（可不填）"}),
            )

    @staticmethod
    def initial_of(check: HealthCheck) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "first_secretary_seats": check.first_secretary_seats,
            "member_seats": check.member_seats,
            "profile_remark": check.profile_remark,
        }
        for row in check.items.all():
            initial[f"score_{row.item}"] = row.score
            initial[f"text_{row.item}"] = row.text
        return initial

    def clean_profile_remark(self) -> str:
        return clean_remark(self.cleaned_data["profile_remark"])

    def domains(self) -> list[DomainFields]:
        """The items under their domains, for the page."""
        return [
            DomainFields(
                domain,
                tuple(
                    ItemFields(
                        item,
                        self[f"score_{item.value}"],
                        self[f"text_{item.value}"],
                        self._evidence.get(item.value, ()),
                    )
                    for item in rules.items_of(domain)
                ),
            )
            for domain in rules.NeedDomain
        ]

    def answers(self) -> Answers:
        given = self.cleaned_data
        scores = {item.value: given[f"score_{item.value}"] for item in rules.CheckItem}
        return Answers(
            scores={item: score for item, score in scores.items() if score is not None},
            texts={item.value: given[f"text_{item.value}"].strip() for item in rules.CheckItem},
            first_secretary_seats=given["first_secretary_seats"],
            member_seats=given["member_seats"],
            profile_remark=given["profile_remark"],
        )


def scores_typed(data: Mapping[str, Any]) -> dict[str, int]:
    """The scores of a form that is still being filled in."""
    typed = {item.value: str(data.get(f"score_{item.value}", "")) for item in rules.CheckItem}
    return {item: int(text) for item, text in typed.items() if text in {"0", "1", "2", "3", "4"}}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="写清哪里要改，对方会看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpinionForm(forms.Form):
    text = forms.CharField(
        label="会商意见",
        max_length=1000,
        help_text="从产业、集体经济的角度，一两句话即可",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConfirmForm(forms.Form):
    summary = forms.CharField(
        label="县委组织部会商意见",
        max_length=1000,
        help_text="综合研判，一两句话即可",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    village_types = forms.MultipleChoiceField(
        label="村类型",
        choices=rules.VillageType.choices(),
        help_text="系统按得分、现行需求清单和整顿情况勾选，由县级确认，可多选",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一类；都不是的选“一般村”"},
    )


class NeedListForm(forms.Form):
    """The head of a need list."""

    village_types = forms.MultipleChoiceField(
        label="村类型",
        choices=rules.VillageType.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    priority_class = forms.TypedChoiceField(
        label="优先级",
        choices=[("1", "1 最先配备"), ("2", "2 其次"), ("3", "3 一般")],
        coerce=int,
        help_text="不改即按村类型",
    )
    first_secretary_seats = forms.TypedChoiceField(
        label="第一书记名额", choices=[("1", "1 名"), ("0", "不需要")], coerce=int
    )
    first_secretary_lower = forms.TypedChoiceField(
        label="第一书记至少",
        choices=[("0", "不限"), ("1", "必须配备")],
        coerce=int,
        help_text="必须配备的先于其他一切",
    )
    member_seats = forms.TypedChoiceField(label="工作队员名额", choices=SEATS, coerce=int)
    member_lower = forms.TypedChoiceField(label="工作队员至少", choices=SEATS, coerce=int)
    language = forms.CharField(
        label="语言要求", required=False, max_length=40, help_text="民族乡村填写，如 土家语"
    )
    rank_wanted = forms.CharField(
        label="职级要求", required=False, max_length=40, help_text="没有要求的不填"
    )
    remark = forms.CharField(
        label="人选条件说明",
        required=False,
        max_length=500,
        help_text="只写与工作有关的条件；不写性别、年龄、婚育",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @staticmethod
    def initial_of(need_list: NeedList) -> dict[str, Any]:
        return {name: getattr(need_list, name) for name in NeedListForm.base_fields}

    def clean_remark(self) -> str:
        return clean_remark(self.cleaned_data["remark"])


class NeedForm(forms.Form):
    """One need of a list; an empty last line is left out."""

    item = forms.ChoiceField(
        label="体检项目", choices=[("", "请选择"), *rules.CheckItem.choices()], required=False
    )
    severity = forms.TypedChoiceField(label="需求程度", choices=SCORES, coerce=int, initial=2)
    capabilities = forms.MultipleChoiceField(
        label="所需能力",
        choices=rules.Capability.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weight = forms.IntegerField(label="权重（一般为 1）", min_value=1, max_value=50, initial=1)
    level = forms.TypedChoiceField(
        label="所需等级",
        choices=[("", "按 4 级"), ("1", "1 级"), ("2", "2 级"), ("3", "3 级"), ("4", "4 级")],
        coerce=int,
        required=False,
        empty_value=None,
    )
    text = forms.CharField(label="需求说明", required=False, max_length=500)

    @staticmethod
    def initial_of(need: NeedItem) -> dict[str, Any]:
        return {name: getattr(need, name) for name in NeedForm.base_fields}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("item") and not given.get("capabilities"):
            self.add_error("capabilities", "请至少选一项能力")
        if not given.get("item") and (given.get("capabilities") or given.get("text")):
            self.add_error("item", "请选择体检项目")
        return given

    def row(self) -> NeedItemRow | None:
        given = self.cleaned_data
        if not given.get("item") or given.get("DELETE"):
            return None
        return NeedItemRow(
            domain=rules.CheckItem(given["item"]).domain.value,
            item=given["item"],
            severity=given["severity"],
            capabilities=tuple(given["capabilities"]),
            weight=given["weight"],
            level=given["level"],
            text=given["text"],
        )


NeedFormSet = forms.formset_factory(NeedForm, extra=1, can_delete=True, max_num=40)


def need_list_row(
    need_list: NeedList, head: Mapping[str, Any], needs: Iterable[NeedForm]
) -> NeedListRow:
    rows = [row for need in needs if (row := need.row()) is not None]
    given = {**head, "village_types": tuple(head["village_types"])}
    return NeedListRow(village=need_list.village, items=tuple(rows), **given)
