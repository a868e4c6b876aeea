"""How do people type what is no plain text: a sum of money?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lingyan.common.money import BadMoney, parse_money


class MoneyField(forms.Field):
    """A sum as people write it: 12000, 12,000.00, 1.5万元."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": "元，也可以写 1.5万元", **kwargs})
        self.widget.attrs.update(inputmode="decimal", maxlength=30)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_money(text)
        except BadMoney as bad:
            raise ValidationError(bad.refusal.text, code=bad.refusal.code) from bad
