"""What do people write of a briefing, of a template, and with a step?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lingyan.briefings.models.briefings import SERIES_MAX, TEXT_MAX, TITLE_MAX
from lingyan.briefings.rules.briefings import NOTE_MAX
from lingyan.briefings.rules.periods import USUAL, Span
from lingyan.common import clock

Choices = Sequence[tuple[str, str]]
BLANK = ("", "不用模板，从空白写起")
PERIOD_HINT = "去年以来、今年以来、本月、累计，或 2026、2026Q1、2026-03、2025-01-01..2026-01-23"


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def _line(label: str, most: int, hint: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required)


class DraftForm(forms.Form):
    template = forms.ChoiceField(label="模板", required=False)
    title = _line("标题", TITLE_MAX, "不写就用模板的标题")
    period = _line("统计期", 30, PERIOD_HINT, required=True)
    on = _day("统计日")

    def __init__(self, *args: Any, templates: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*templates, BLANK]
        self.initial.setdefault("period", Span(USUAL).label)
        self.initial.setdefault("on", clock.today())


def _text(label: str, hint: str, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=TEXT_MAX, required=False, strip=False, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
    )  # fmt: skip


TEXT_HINT = "一行一段；一、（一） 1. （1） 开头的是标题。数字从右边的指标里选，不要手写。"


class WritingForm(forms.Form):
    """Title and text, and with which edition they began."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = _line("标题", TITLE_MAX, required=True)
    text = _text("正文", TEXT_HINT, rows=22)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip("\n")


class EditForm(WritingForm):
    period = _line("统计期", 30, PERIOD_HINT, required=True)
    on = _day("统计日")
    series = _line("简报名称", SERIES_MAX, "红色报头，如 组工简报", required=True)
    issuer = _line("编发单位", 40, required=True)
    editor_note = forms.CharField(
        label="编者按", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    to_report = _line("报", 200, "上级")
    to_send = _line("送", 200, "平级和有关单位")
    to_distribute = _line("发", 200, "下级")
    printer = _line("印发单位", 40)
    copies = forms.IntegerField(label="份数", min_value=1, max_value=100_000, required=False)
    is_supplement = forms.BooleanField(label="增刊（单独编号）", required=False)
    is_internal = forms.BooleanField(label="印“内部资料　注意保存”", required=False)
    total_no = forms.IntegerField(
        label="总期号", min_value=1, max_value=100_000, required=False,
        help_text="第一次印总期号时写，以后签发时接着编；不印就不写",
    )  # fmt: skip

    @property
    def about(self) -> list[Any]:
        """What stands above and below the text, and of which time it tells."""
        return [field for field in self if field.name not in ("version", "title", "text")]


class TemplateForm(WritingForm):
    name = _line("模板名称", 40, required=True)
    series = _line("简报名称", SERIES_MAX, "红色报头，如 组工简报", required=True)


class PlainForm(forms.Form):
    """Nothing to say: the button is the act. `base` is what lay before the person."""

    base = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)


class NoteForm(PlainForm):
    note = forms.CharField(
        label="原因", max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )


class RecallForm(NoteForm):
    note = forms.CharField(
        label="撤回说明", max_length=NOTE_MAX, help_text="读到这份简报的人都会看到",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
