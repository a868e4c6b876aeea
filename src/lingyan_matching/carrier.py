"""On what does the kernel run: plain lists at once, or compiled on arrays for large problems?

Both run the same source. numba is imported only when a compiled carrier is asked for; its code is
cached on disk, and where no such place can be written it is compiled anew in each process.
"""

from __future__ import annotations

import importlib.util
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from lingyan_matching import kernel

COMPILED_FROM_EDGES = 400_000
COMPILED_NUMBER_MAX = 1 << 58


class Carrier(Protocol):
    """Makes the columns that the functions of ``kernel`` work on."""

    name: str
    kernel: Any

    def column(self, values: Sequence[int]) -> Any: ...

    def filled(self, length: int, value: int) -> Any: ...

    def ints(self, column: Any) -> list[int]: ...


class PlainCarrier:
    """Lists and the interpreter: nothing to load, and integers of any size."""

    name = "plain"
    kernel: Any = kernel

    def column(self, values: Sequence[int]) -> list[int]:
        return values.tolist() if isinstance(values, array) else list(values)

    def filled(self, length: int, value: int) -> list[int]:
        return [value] * length

    def ints(self, column: list[int]) -> list[int]:
        return column


class CompiledCarrier:
    """NumPy arrays of 64 bits and the kernel compiled by numba."""

    name = "compiled"

    def __init__(self) -> None:
        import numpy

        self.numpy: Any = numpy
        self.kernel: Any = compiled_kernel()

    def column(self, values: Sequence[int]) -> Any:
        if isinstance(values, array) and len(values):
            return self.numpy.frombuffer(values, dtype=self.numpy.int64)
        return self.numpy.array(values, dtype=self.numpy.int64)

    def filled(self, length: int, value: int) -> Any:
        return self.numpy.full(length, value, dtype=self.numpy.int64)

    def ints(self, column: Any) -> list[int]:
        values: list[int] = column.tolist()
        return values


@cache
def plain() -> Carrier:
    return PlainCarrier()


@cache
def compiled() -> Carrier:
    return CompiledCarrier()


@cache
def compiled_kernel() -> ModuleType:
    """A second copy of the kernel module in which every function is compiled."""
    from numba import njit

    assert kernel.__file__ is not None
    spec = importlib.util.spec_from_file_location(
        "lingyan_matching.kernel_compiled", kernel.__file__
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # numba's cache looks the module up by its name
    spec.loader.exec_module(module)
    for name in kernel.NAMES:
        function = getattr(module, name)
        try:
            setattr(module, name, njit(cache=True)(function))
        except RuntimeError:
            setattr(module, name, njit(function))
    return module


def has_compiler() -> bool:
    """Whether the optional extra ``scale`` is installed."""
    return importlib.util.find_spec("numba") is not None


def choose(name: str, *, edges: int, number_max: int) -> Carrier:
    """The carrier to use: small problems and numbers beyond 64 bits run plain."""
    if name not in ("auto", "plain", "compiled"):
        raise ValueError(f"carrier {name!r} is not one of auto, plain, compiled")
    if name == "plain" or number_max > COMPILED_NUMBER_MAX:
        return plain()
    if name == "auto" and (edges < COMPILED_FROM_EDGES or not has_compiler()):
        return plain()
    return compiled()
