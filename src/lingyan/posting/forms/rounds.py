"""What do people type when they open a round and lead it on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.common.written_dates import LAST_YEAR
from lingyan.posting import rules
from lingyan.posting.rules import rounds as round_rules
from lingyan.posting.rules.settings import Usual

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


BOUND_NAMES = ("town_min", "town_max", "goal_order", "score_slack")
BOUND_FIELDS = {
    "posting.town_bounds_crossed": "town_max",
    "posting.slack_without_score": "score_slack",
}


class RoundForm(forms.Form):
    """A new round. What is set here is frozen with it; the defaults are the county's usual ones."""

    name = forms.CharField(
        label="批次名称",
        max_length=80,
        help_text="例如：2026 年第一批驻村第一书记和工作队员",
    )
    term_starts_on = forms.DateField(
        label="拟派驻起始日", widget=DATE, help_text="党龄、工龄和距退休时间都算到这一天"
    )
    term_months = forms.IntegerField(label="任期（月）", initial=24, min_value=1, max_value=120)
    unit_limit = forms.IntegerField(
        label="每个单位最多派几人",
        required=False,
        min_value=1,
        max_value=99,
        help_text="不填表示不限",
    )
    town_min = forms.IntegerField(
        label="每个乡镇至少几人",
        required=False,
        min_value=0,
        max_value=round_rules.TOWN_PEOPLE_MAX,
        help_text="乡镇各村合计；人手不够时尽量满足，差多少会写明",
    )
    town_max = forms.IntegerField(
        label="每个乡镇至多几人",
        required=False,
        min_value=0,
        max_value=round_rules.TOWN_PEOPLE_MAX,
        help_text="乡镇各村合计，绝不超过；不填表示不限",
    )
    goal_order = forms.ChoiceField(
        label="先看什么，后看什么",
        choices=rules.GoalOrder.choices(),
        initial=rules.GoalOrder.SEATS.value,
        widget=forms.RadioSelect,
    )
    score_slack = forms.IntegerField(
        label="匹配度可让出百分之几",
        required=False,
        min_value=0,
        max_value=round_rules.SLACK_MAX,
        help_text="只有先看匹配度时填：合计最多让出这么多，换取多配人；"
        "这样的方案由求解器算定，凭证没有证满的部分会写明，改动时要等几秒",
    )
    own_town = forms.ChoiceField(
        label="派往本人籍贯、户籍、成长地所在乡镇的其他村",
        choices=[("warn", "提醒"), ("block", "不允许")],
        initial="warn",
    )
    seed = forms.IntegerField(
        label="抽签种子",
        initial=1,
        min_value=1,
        max_value=2_000_000_000,
        help_text="分数完全相同时按公开的抽签排先后；同样的数据和种子总得到同样的方案",
    )

    def __init__(self, *args: Any, usual: Usual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        self.initial.setdefault("term_starts_on", usual_start(clock.today()))
        self.fields["term_months"].initial = max(24, usual.term_months_min)
        self.fields["term_months"].help_text = f"不少于 {usual.term_months_min} 个月"
        self.fields["own_town"].initial = "block" if usual.own_town_blocks else "warn"
        for name, label in round_rules.FIT_PARTS.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=label,
                initial=round_rules.DEFAULT_WEIGHTS[name],
                min_value=0,
                max_value=100,
            )
        for rule in round_rules.rules_adjustable():
            self.fields[f"rule_{rule.code}"] = forms.ChoiceField(
                label=rule.name,
                choices=[(code, rules.Effect(code).label) for code in rule.effects_allowed],
                initial=rule.effect,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        weights = self._weights()
        if len(weights) == len(round_rules.FIT_PARTS) and sum(weights.values()) != 100:
            self.add_error("weight_cover", f"五项权重之和应为 100，现为 {sum(weights.values())}")
        for refusal in round_rules.refuse_bounds(cleaned):
            self.add_error(BOUND_FIELDS[refusal.code], refusal.text)
        return cleaned

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        named = BOUND_NAMES
        return [
            field
            for field in self
            if field.name not in named and not field.name.startswith(("weight_", "rule_"))
        ]

    @property
    def bound_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in BOUND_NAMES]

    @property
    def bounds_open(self) -> bool:
        return any(field.errors for field in self.bound_fields)

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("weight_")]

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("rule_")]

    @property
    def advanced_bad(self) -> bool:
        return any(field.errors for field in (*self.weight_fields, *self.rule_fields))

    def _weights(self) -> dict[str, int]:
        return {
            name: self.cleaned_data[f"weight_{name}"]
            for name in round_rules.FIT_PARTS
            if self.cleaned_data.get(f"weight_{name}") is not None
        }

    def settings(self) -> dict[str, Any]:
        """What the round freezes, with the numbers that the county has set by then."""
        return round_rules.round_settings(
            weights=self._weights(),
            effects={
                rule.code: self.cleaned_data[f"rule_{rule.code}"]
                for rule in round_rules.rules_adjustable()
            },
            own_town_blocks=self.cleaned_data["own_town"] == "block",
            unit_limit=self.cleaned_data["unit_limit"],
            parameters=self.usual.parameters,
            notice_days=self.usual.notice_days,
            overlap_days=self.usual.overlap_days,
            term_months_min=self.usual.term_months_min,
            allow_unranked=self.usual.allow_unranked,
            **{name: self.cleaned_data[name] for name in BOUND_NAMES},
        )


def usual_start(today: date) -> date:
    """The first day of the month after next: a round needs a few weeks before it is issued."""
    return add_months(today.replace(day=1), 2)


class NothingForm(forms.Form):
    """A step that needs nothing but the press."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="会留在办理记录里",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaiveForm(forms.Form):
    """Only needed while some wish lists still wait for their unit."""

    waive_reason = forms.CharField(
        label="不再等待的理由",
        required=False,
        max_length=300,
        help_text="还有志愿未经单位确认时填写；这些志愿按已提交的内容计入",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label="部务会意见",
        max_length=1000,
        help_text="写明会议对选派方案的决定；系统方案只是建议，由会议决定",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decided_on = forms.DateField(label="研究日期", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("decided_on", clock.today())


class IssueForm(forms.Form):
    document_number = forms.CharField(
        label="发文字号", max_length=60, help_text="例如：宣组发〔2026〕12 号"
    )
    starts_on = forms.DateField(
        label="派驻起始日",
        widget=DATE,
        validators=[MaxValueValidator(date(LAST_YEAR, 1, 1), f"请写 {LAST_YEAR} 年以前的日期")],
    )


class HandOverForm(forms.Form):
    text = forms.CharField(
        label="交接清单",
        max_length=2000,
        help_text="交接的工作、在办项目、资料印章、未了事项；由接任者核对",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


Choices = Sequence[tuple[str, str]]
NOBODY: Choices = (("", "不选"),)


class ObjectionForm(forms.Form):
    """One refusal: who (or which unit), where, why. What may be chosen depends on the reader."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kinds: Choices,
        people: Choices,
        units: Choices,
        places: Choices,
    ) -> None:
        super().__init__(data)
        self.fields["kind"] = forms.ChoiceField(label="类别", choices=kinds)
        self.fields["person"] = forms.ChoiceField(
            label="人选",
            required=False,
            choices=[*NOBODY, *people],
            help_text="单位与乡镇回避不用选人",
        )
        self.fields["unit"] = forms.ChoiceField(
            label="单位",
            required=False,
            choices=[*NOBODY, *units],
            help_text="只有单位与乡镇回避要选",
        )
        self.fields["place"] = forms.ChoiceField(label="村或乡镇", choices=[*NOBODY, *places])
        self.fields["reason"] = forms.CharField(
            label="原因", max_length=200, help_text="写明事实，不写与工作无关的内容"
        )


class NoticeObjectionForm(forms.Form):
    """What somebody says against the notice; the name may stay open."""

    def __init__(self, data: Mapping[str, Any] | None, *, drafts: Choices, raised_on: date) -> None:
        super().__init__(data, initial={"raised_on": raised_on})
        self.fields["draft"] = forms.ChoiceField(
            label="针对谁", required=False, choices=[("", "整个名单"), *drafts]
        )
        self.fields["raised_by"] = forms.CharField(
            label="异议人", required=False, max_length=60, help_text="匿名的不填"
        )
        self.fields["raised_on"] = forms.DateField(label="提出日期", widget=DATE)
        self.fields["text"] = forms.CharField(
            label="异议内容",
            max_length=1000,
            help_text="照原意记录，写明事实",
            widget=forms.Textarea(attrs={"rows": 4}),
        )


class SettleObjectionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结论",
        choices=[
            (rules.ObjectionState.REJECTED.value, "异议不成立，名单不变"),
            (rules.ObjectionState.ACCEPTED.value, "异议成立，须退回调整或取消批次"),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="核查情况和处理意见",
        max_length=1000,
        help_text="向谁了解、查了什么、怎样答复异议人",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
