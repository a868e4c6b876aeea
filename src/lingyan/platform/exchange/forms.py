"""What must be chosen to send a file in?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.registry import ExchangeKind
from lingyan.platform.exchange.rules import (
    PURPOSE_LONGEST,
    PURPOSE_SHORTEST,
    ROWS_MAX,
    rows_read,
)


class UploadForm(forms.Form):
    """The file, and what it belongs to where the kind asks for it (such as a round)."""

    option = forms.ChoiceField(label="所属", required=True)
    file = forms.FileField(
        label="表格文件",
        help_text="可用 .xlsx、.xls 或 .csv；列的先后不限，多出的列不读取。"
        f"一份最多新增或变更 {ROWS_MAX:,} 行，与库中相同的行不计。",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择要导入的表格文件"},
    )

    def __init__(self, kind: ExchangeKind, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, kind, actor)
        columns = len(kind.sheet.columns)
        self.fields["file"].help_text += (
            f"这种表有 {columns} 列，整份最多约 {rows_read(columns):,} 行；"
            "更多的请按行分成几个文件，如按乡镇，每个都带表头。"
        )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(too_large())
        return file


class ExportForm(forms.Form):
    """What for, and what, where the kind has parts (such as rounds)."""

    option = forms.ChoiceField(label="所属", required=True)
    purpose = forms.CharField(
        label="用途",
        min_length=PURPOSE_SHORTEST,
        max_length=PURPOSE_LONGEST,
        help_text="例如：报市委组织部备案。写在表格首行，记入操作留痕",
        error_messages={
            "required": "请写明导出的用途，至少四个字",
            "min_length": "请写明导出的用途，至少四个字",
        },
    )

    def __init__(self, kind: ExchangeKind, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, kind, actor)


def set_choices(form: forms.Form, kind: ExchangeKind, actor: Actor) -> None:
    if not kind.option_label:
        del form.fields["option"]
        return
    field = form.fields["option"]
    assert isinstance(field, forms.ChoiceField)
    choices = list(kind.options(actor))
    field.label = kind.option_label
    field.choices = choices
    field.error_messages["required"] = f"请选择{kind.option_label}"
    if not choices:
        field.help_text = f"您的管辖范围内没有可选的{kind.option_label}。"


def too_large() -> str:
    most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    return f"文件超过 {most} MB，没有读取。请删去图片和无关的工作表，或分成几个文件"
