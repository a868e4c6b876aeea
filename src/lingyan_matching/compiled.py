"""How does a module of hot loops run on a carrier: as it stands, or as a compiled twin?"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from types import ModuleType
from typing import Any

from lingyan_matching.carrier import Carrier


def loops_on(carrier: Carrier, module: ModuleType) -> Any:
    """The functions of a module for this carrier; the source is the same."""
    return module if carrier.name == "plain" else compiled_twin(module)


@cache
def compiled_twin(module: ModuleType) -> ModuleType:
    """A second copy of a module in which each function that `NAMES` lists is compiled.

    `NAMES` stands in order of use: what is called comes before what calls it.
    """
    from numba import njit

    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_compiled", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    twin = importlib.util.module_from_spec(spec)
    # The cache on disk can be read again only if the module can be found by its name.
    sys.modules[spec.name] = twin
    spec.loader.exec_module(twin)
    for name in module.NAMES:
        function = getattr(twin, name)
        try:
            setattr(twin, name, njit(cache=True)(function))
        except RuntimeError:
            # No place to keep the compiled code: compile anew in each process.
            setattr(twin, name, njit(function))
    return twin
