"""What is asked of whoever takes the records behind a number out?"""

from __future__ import annotations

from django import forms

from lingyan.platform.exchange.rules import PURPOSE_LONGEST, PURPOSE_SHORTEST

ASKED = "请写明导出的用途，至少四个字"


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label="用途",
        min_length=PURPOSE_SHORTEST,
        max_length=PURPOSE_LONGEST,
        help_text="例如：报市委组织部备案。写在表格首行，记入操作留痕",
        error_messages={"required": ASKED, "min_length": ASKED},
    )
