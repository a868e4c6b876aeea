"""Is everything there that is told to be compiled, and that is offered?"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import FunctionType, ModuleType

import pytest

import lingyan_matching

MODULES = [
    module
    for found in pkgutil.iter_modules(lingyan_matching.__path__)
    if isinstance(
        getattr(module := import_module(f"lingyan_matching.{found.name}"), "NAMES", 0), tuple
    )
    and hasattr(module, module.NAMES[0])
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_each_hot_loop_that_is_named_is_a_function_of_its_module(module: ModuleType) -> None:
    assert all(isinstance(getattr(module, name), FunctionType) for name in module.NAMES)
    assert len(set(module.NAMES)) == len(module.NAMES)


def test_there_are_hot_loops() -> None:
    assert "lingyan_matching.kernel" in [module.__name__ for module in MODULES]


def test_every_name_that_a_module_offers_is_there() -> None:
    for found in pkgutil.iter_modules(lingyan_matching.__path__):
        module = import_module(f"lingyan_matching.{found.name}")
        offered = getattr(module, "__all__", ())
        assert [name for name in offered if not hasattr(module, name)] == []
