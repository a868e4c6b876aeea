"""What do people type to open an appraisal, to score, to decide, to appeal and to count ballots?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from lingyan.common import clock
from lingyan.common.ballots import HOUSEHOLDS_MAX, SLIPS_MAX
from lingyan.posting.actions.appraisal_scores import Given
from lingyan.posting.forms.life import day_field, text_field
from lingyan.posting.models import AppraisalEntry, AppraisalScore
from lingyan.posting.rules.appraisal_scores import Indicator, Scheme
from lingyan.posting.rules.appraisal_words import (
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
    BallotChoice,
)

QUARTERS = (("1", "第一季度"), ("2", "第二季度"), ("3", "第三季度"), ("4", "第四季度"))


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=AppraisalKind.choices())
    year = forms.ChoiceField(label="年份")
    quarter = forms.ChoiceField(
        label="季度", choices=QUARTERS, required=False, help_text="只有季度考评要选"
    )
    due_on = day_field("评分和投票截止日", "当天也可以评分、投票，次日起汇总")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = clock.today().year
        years = self.fields["year"]
        assert isinstance(years, forms.ChoiceField)
        years.choices = [(str(year), f"{year} 年") for year in (this, this - 1)]

    @property
    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        return {
            "kind": AppraisalKind(said["kind"]),
            "year": int(said["year"]),
            "quarter": int(said["quarter"] or 1),
            "due_on": said["due_on"],
        }


class DueForm(forms.Form):
    due_on = day_field("新的截止日", "当天也可以评分、投票")


class ReasonForm(forms.Form):
    reason = text_field("原因")


class SendBackForm(forms.Form):
    reason = text_field("原因", "哪里要改，由谁改")
    due_on = day_field("新的截止日")


class DecisionForm(forms.Form):
    text = text_field("研究意见", "会议时间、参会范围和结论")


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label="等次", choices=AppraisalGrade.choices())
    reason = text_field("理由", "会和结果一起显示")


class AppealForm(forms.Form):
    text = text_field("申诉理由", "哪一项有异议，依据是什么", rows=5)


class ReviewForm(forms.Form):
    grade = forms.ChoiceField(label="复核后的等次", choices=AppraisalGrade.choices())
    answer = text_field("复核意见", "维持的也要写明")


# --- the scheme -----------------------------------------------------------------------------------

LINE_HINT = "一行一项：名称 空格 分值；各项之和为 100"


def _weight(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100)


class IndicatorsField(forms.CharField):
    """Lines such as 宣传党的政策 20."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found = []
        for line in filter(None, (one.strip() for one in text.splitlines())):
            name, _, most = line.rpartition(" ")
            if not name.strip() or not (most.isascii() and most.isdigit()) or len(most) > 3:
                raise forms.ValidationError(f"看不懂这一行：{line[:30]}（应为：名称 空格 分值）")
            found.append(Indicator(name.strip()[:40], int(most)))
        return tuple(found)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return "\n".join(f"{one.name} {one.most}" for one in value)
        return value


class SchemeForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="用于", choices=AppraisalKind.choices(), widget=forms.CheckboxSelectMultiple
    )
    valid_from = day_field("起用日期", "这一天起启动的考评按新办法，已经启动的不变")
    clause = forms.CharField(
        label="依据文件和条款", max_length=200, help_text="没有文件的写“无文件”"
    )
    town = _weight("乡镇党委权重")
    mass = _weight("村民群众权重")
    county = _weight("县委组织部权重")
    unit = _weight("派出单位权重")
    town_items = IndicatorsField(label="乡镇党委的指标", help_text=LINE_HINT, required=False)
    county_items = IndicatorsField(label="县委组织部的指标", help_text=LINE_HINT, required=False)
    unit_items = IndicatorsField(label="派出单位的指标", help_text=LINE_HINT, required=False)
    excellent = forms.IntegerField(label="优秀不低于", min_value=1, max_value=100)
    competent = forms.IntegerField(label="称职不低于", min_value=1, max_value=100)
    basic = forms.IntegerField(label="基本称职不低于", min_value=1, max_value=100)
    excellent_max = forms.IntegerField(
        label="优秀比例（%）", min_value=0, max_value=100, help_text="默认值，请按本地文件核对"
    )

    @staticmethod
    def of(scheme: Scheme) -> dict[str, Any]:
        """What the form shows first: what is in force."""
        first, second, third = scheme.bands
        return {
            "kinds": [kind.value for kind in AppraisalKind],
            "valid_from": clock.today(),
            **{part.value: scheme.weight(part) for part in AppraisalPart},
            **{f"{part}_items": items for part, items in scheme.indicators.items()},
            "excellent": first,
            "competent": second,
            "basic": third,
            "excellent_max": scheme.excellent_max,
        }

    @property
    def scheme(self) -> Scheme:
        said = self.cleaned_data
        return Scheme(
            weights={part.value: said[part.value] for part in AppraisalPart},
            indicators={part: said[f"{part}_items"] for part in ("town", "county", "unit")},
            bands=(said["excellent"], said["competent"], said["basic"]),
            excellent_max=said["excellent_max"],
        )


# --- the sheet of scores --------------------------------------------------------------------------


@dataclass(slots=True)
class Cell:
    name: str
    label: str
    most: int
    value: str
    error: str = ""


@dataclass(slots=True)
class ScoreRow:
    entry: AppraisalEntry
    cells: list[Cell]
    seen: str
    score: AppraisalScore | None

    @property
    def error(self) -> str:
        return next((cell.error for cell in self.cells if cell.error), "")


@dataclass(slots=True)
class ScoreSheet:
    """All rows of one page with one save; rows left empty are not scored yet."""

    rows: list[ScoreRow] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        entries: Sequence[AppraisalEntry],
        scores: Mapping[UUID, AppraisalScore],
        indicators: Sequence[Indicator],
        data: QueryDict | None = None,
    ) -> ScoreSheet:
        sheet = cls()
        for entry in entries:
            row = _row(entry, scores.get(entry.pk), indicators, data)
            sheet.rows.append(row)
            if data is not None:
                sheet._read(row)
        return sheet

    def _read(self, row: ScoreRow) -> None:
        texts = [cell.value for cell in row.cells]
        if not any(texts) and not row.seen:
            return
        for cell in row.cells:
            cell.error = _fault(cell)
        if not row.error:
            points = tuple(int(text) for text in texts)
            self.given.append(Given(row.entry.pk, points, _seen(row.seen)))

    @property
    def is_valid(self) -> bool:
        return not any(row.error for row in self.rows)


def _row(
    entry: AppraisalEntry,
    score: AppraisalScore | None,
    indicators: Sequence[Indicator],
    data: QueryDict | None,
) -> ScoreRow:
    stored = [str(one) for one in score.points] if score else [""] * len(indicators)
    cells = []
    for number, one in enumerate(indicators):
        name = f"p-{entry.pk}-{number}"
        value = stored[number] if data is None else data.get(name, "").strip()
        cells.append(Cell(name, one.name, one.most, value))
    seen = ",".join(stored) if score else ""
    return ScoreRow(entry, cells, seen if data is None else data.get(f"was-{entry.pk}", ""), score)


def _fault(cell: Cell) -> str:
    text = cell.value
    if not text:
        return f"{cell.label}没有填"
    if not (text.isascii() and text.isdigit() and len(text) <= 3) or int(text) > cell.most:
        return f"{cell.label}应为 0 到 {cell.most} 的整数"
    return ""


def _seen(text: str) -> tuple[int, ...]:
    parts = text.split(",") if text else []
    return tuple(int(one) for one in parts if one.isascii() and one.isdigit() and len(one) <= 3)


# --- ballots --------------------------------------------------------------------------------------


class VillageSlipsForm(forms.Form):
    """One village of the page: how many households, how many slips; empty is left alone."""

    households = forms.IntegerField(
        label="全村户数", min_value=1, max_value=HOUSEHOLDS_MAX, required=False
    )
    slips = forms.IntegerField(label="制票张数", min_value=1, max_value=SLIPS_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("slips") and not cleaned.get("households"):
            self.add_error("households", "请填写全村户数")
        return cleaned


class PapersForm(forms.Form):
    """An open count: how many came back, and four numbers for each person."""

    papers = forms.IntegerField(label="收回的票数", min_value=1, max_value=SLIPS_MAX)
    counters = forms.CharField(
        label="唱票人、监票人", max_length=80, help_text="至少两人，中间用顿号隔开"
    )

    def __init__(
        self, *args: Any, entries: Sequence[AppraisalEntry], counted: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for one in entries:
            for choice in BallotChoice:
                name = f"{choice.value}-{one.pk}"
                self.fields[name] = forms.IntegerField(
                    label=choice.label, min_value=0, max_value=SLIPS_MAX
                )
                if counted:
                    self.initial[name] = getattr(one, choice.value)

    @property
    def head(self) -> list[forms.BoundField]:
        return [self["papers"], self["counters"]]

    @property
    def people(self) -> list[tuple[AppraisalEntry, list[forms.BoundField]]]:
        return [
            (one, [self[f"{choice.value}-{one.pk}"] for choice in BallotChoice])
            for one in self.entries
        ]

    @property
    def counts(self) -> dict[UUID, tuple[int, ...]]:
        return {
            one.pk: tuple(self.cleaned_data[f"{choice.value}-{one.pk}"] for choice in BallotChoice)
            for one in self.entries
        }


class CodeForm(forms.Form):
    code = forms.CharField(
        label="选票编号",
        max_length=40,
        help_text="选票上的 8 位字母和数字，大小写、空格都可以",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
