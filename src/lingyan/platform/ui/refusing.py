"""How does a refusal of the rules appear beside the form that asked, with everything typed kept?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.forms import BaseForm

from lingyan.common.refusals import Refused

Result = TypeVar("Result")
NOWHERE: Mapping[str, str] = {}
INVALID, REFUSED = 422, 409


def carry_out(
    form: BaseForm, act: Callable[[], Result], *, beside: Mapping[str, str] = NOWHERE
) -> Result | None:
    """Do it; what is refused stands in the form afterwards, beside the field that `beside` names.

    Ask `form.errors` whether it was done.
    """
    try:
        return act()
    except Refused as refused:
        for one in refused.refusals:
            name = beside.get(one.code)
            field = name if name in form.fields else None
            form.add_error(field, ValidationError(one.text, code=one.code))
        form.refused = True  # type: ignore[attr-defined]  # read by `status_of`
        return None


def status_of(form: BaseForm) -> int:
    """200 for a fresh form, 422 for one that cannot be read, 409 for one that is refused."""
    if getattr(form, "refused", False):
        return REFUSED
    return INVALID if form.errors else 200
