"""Which forms does the product have, with which fields, and what are their pages called?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from django.forms import BaseForm

import lingyan
from lingyan.posting.queries.burden import count_asked_again
from lingyan.posting.rules.form_facts import NOT_FORMS

# `config.wiring` says how the page with this name is called in Chinese.
LABEL_OF: list[Callable[[str], str]] = []


def label_of(page: str) -> str:
    return next((label(page) for label in LABEL_OF), page)


@cache
def fields_of_forms() -> dict[str, tuple[str, ...]]:
    """Every form class of the product with its fields, read from the code that runs."""
    for module in walk_packages(lingyan.__path__, "lingyan."):
        if ".forms" in module.name:
            import_module(module.name)
    return {
        name: tuple(form.base_fields)  # type: ignore[attr-defined]  # the metaclass makes it
        for form in _below(BaseForm)
        if (name := name_of(form)) and not name.startswith(NOT_FORMS)
    }


def name_of(form: type) -> str:
    """posting.life.TrainForm for lingyan.posting.forms.life.TrainForm; others have none."""
    if not form.__module__.startswith("lingyan."):
        return ""
    module = form.__module__.removeprefix("lingyan.").replace(".forms", "")
    return f"{module}.{form.__name__}"


def _below(form: type) -> Iterator[type]:
    below: list[type] = type.__subclasses__(form)
    for one in below:
        yield one
        yield from _below(one)


def asked_again() -> dict[str, int]:
    return count_asked_again(fields_of_forms())
