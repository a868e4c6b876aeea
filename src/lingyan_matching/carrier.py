"""On what does the kernel run: plain lists at once, or compiled on arrays for large problems?

Both run the same source. numba is imported only when a compiled carrier is asked for; its code is
cached on disk, and where no such place can be written it is compiled anew in each process.
"""

from __future__ import annotations

import importlib.util
import sys
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from lingyan_matching import kernel

COMPILED_FROM_EDGES = 400_000
COMPILED_NUMBER_MAX = 1 << 58
ARRAYS_FROM_EDGES = 100_000


class Carrier(Protocol):
    """Makes the columns that the functions of ``kernel`` work on."""

    name: str
    kernel: Any

    def column(self, values: Sequence[int]) -> Any: ...

    def given(self, values: Any) -> Any:
        """A column to be read only: an array of 32 or 64 bits may stay what it is."""

    def filled(self, length: int, value: int) -> Any: ...

    def empty(self, length: int, number_max: int = 1 << 62) -> Any:
        """Room for so many numbers up to this size, with anything in it."""

    def counting(self, length: int) -> Any:
        """0, 1, 2, …"""

    def ints(self, column: Any) -> list[int]: ...

    def total(self, column: Any) -> int:
        """The sum of a column, exact where each value and the length are below 2**31."""

    def nth(self, column: Any, place: int) -> int:
        """The value that would stand at this place if the column were sorted."""

    def packed(self, column: Any) -> array[int]: ...

    def picked(self, column: Any, order: Any) -> Any: ...

    def span(self, column: Any) -> tuple[int, int]:
        """The least and the greatest value; 0 and 0 of an empty column."""

    def order(self, column: Any, rows: int) -> Any:
        """The places of a column by its values 0 .. rows - 1; equal ones stay as they stand."""

    def counted(self, column: Any) -> tuple[list[int], list[int]]:
        """The values of a column, rising, and how often each stands there."""

    def text(self, column: Any) -> bytes:
        """The numbers with a comma between; where they are few, each is written out once."""

    def in_order(self, major: Any, minor: Any) -> bool:
        """Whether pairs stand in strictly rising order."""


class PlainCarrier:
    """Lists and the interpreter: nothing to load, and integers of any size."""

    name = "plain"
    kernel: Any = kernel

    def column(self, values: Sequence[int]) -> list[int]:
        return values.tolist() if isinstance(values, array) else list(values)

    def given(self, values: Any) -> list[int]:
        return values if isinstance(values, list) else list(map(int, values))

    def filled(self, length: int, value: int) -> list[int]:
        return [value] * length

    def empty(self, length: int, number_max: int = 0) -> list[int]:  # noqa: ARG002 - see Carrier
        return [0] * length

    def counting(self, length: int) -> list[int]:
        return list(range(length))

    def ints(self, column: list[int]) -> list[int]:
        return column

    def total(self, column: list[int]) -> int:
        return sum(column)

    def nth(self, column: list[int], place: int) -> int:
        return sorted(column)[place]

    def packed(self, column: list[int]) -> array[int]:
        return array("q", column)

    def picked(self, column: list[int], order: list[int]) -> list[int]:
        return [column[place] for place in order]

    def span(self, column: list[int]) -> tuple[int, int]:
        return min(column, default=0), max(column, default=0)

    def order(self, column: list[int], rows: int) -> list[int]:  # noqa: ARG002 - see Carrier
        return sorted(range(len(column)), key=column.__getitem__)

    def counted(self, column: list[int]) -> tuple[list[int], list[int]]:
        counts = Counter(column)
        return sorted(counts), [counts[value] for value in sorted(counts)]

    def text(self, column: list[int]) -> bytes:
        low, high = self.span(column)
        if not column or low < 0 or high >= len(column):
            return str(column)[1:-1].replace(" ", "").encode()
        words = [str(number) for number in range(high + 1)]
        return ",".join(map(words.__getitem__, column)).encode()

    def in_order(self, major: list[int], minor: list[int]) -> bool:
        return kernel.in_order(major, minor)


class PackedCarrier(PlainCarrier):
    """The interpreter on packed columns: slower than lists, a fifth of their room, no compiler.

    Columns that were given as arrays are read where they are.
    """

    name = "packed"

    def column(self, values: Sequence[int]) -> Any:
        return values if isinstance(values, array | memoryview) else array("q", values)

    def given(self, values: Any) -> Any:
        return memoryview(values)

    def filled(self, length: int, value: int) -> Any:
        return array("q", (value,)) * length

    def empty(self, length: int, number_max: int = 1 << 62) -> Any:
        return array("i" if number_max < 1 << 31 else "q", (0,)) * length

    def counting(self, length: int) -> Any:
        return array("q", range(length))

    def ints(self, column: Any) -> list[int]:
        values: list[int] = column.tolist()
        return values

    def picked(self, column: Any, order: Any) -> Any:
        return array("q", map(column.__getitem__, order))

    def order(self, column: Any, rows: int) -> Any:
        starts, order = self.filled(rows + 1, 0), self.empty(len(column), len(column))
        kernel.transpose(column, starts, order, self.filled(rows, 0))
        return order


class ArrayCarrier:
    """NumPy arrays of 64 bits, without loops of our own: enough to sort and to check."""

    name = "arrays"
    kernel: Any = None

    def __init__(self) -> None:
        import numpy

        self.numpy: Any = numpy

    def column(self, values: Sequence[int]) -> Any:
        if isinstance(values, array) and len(values):
            return self.numpy.frombuffer(values, dtype=self.numpy.int64)
        return self.numpy.asarray(values, dtype=self.numpy.int64)

    def given(self, values: Any) -> Any:
        return values if isinstance(values, self.numpy.ndarray) else self.column(values)

    def filled(self, length: int, value: int) -> Any:
        if value == 0:
            return self.numpy.zeros(length, dtype=self.numpy.int64)
        found = self.numpy.empty(length, dtype=self.numpy.int64)
        found.fill(value)  # numpy.full takes three times as long for a short column
        return found

    def empty(self, length: int, number_max: int = 1 << 62) -> Any:
        narrow = number_max < 1 << 31
        return self.numpy.empty(length, dtype=self.numpy.int32 if narrow else self.numpy.int64)

    def counting(self, length: int) -> Any:
        return self.numpy.arange(length, dtype=self.numpy.int64)

    def total(self, column: Any) -> int:
        return int(column.sum())

    def nth(self, column: Any, place: int) -> int:
        return int(self.numpy.partition(column, place)[place])

    def ints(self, column: Any) -> list[int]:
        values: list[int] = column.tolist()
        return values

    def packed(self, column: Any) -> array[int]:
        values = array("q")
        values.frombytes(self.numpy.ascontiguousarray(column).view(self.numpy.uint8))
        return values

    def picked(self, column: Any, order: Any) -> Any:
        return column[order]

    def span(self, column: Any) -> tuple[int, int]:
        return (int(column.min()), int(column.max())) if len(column) else (0, 0)

    def order(self, column: Any, rows: int) -> Any:
        """Sort by the last 16 bits, then by those before: NumPy is quick at 16 bits only."""
        order = self.numpy.argsort(column.astype(self.numpy.uint16), kind="stable")
        for shift in range(16, (rows - 1).bit_length(), 16):
            digit = (column[order] >> shift).astype(self.numpy.uint16)
            order = order[self.numpy.argsort(digit, kind="stable")]
        return order

    def text(self, column: Any) -> bytes:
        low, high = self.span(column)
        if not len(column) or high - low >= len(column):
            return plain().text(self.ints(column))
        words = self.numpy.array([f"{number},".encode() for number in range(low, high + 1)])
        found: bytes = words[column - low].tobytes().translate(None, b"\0")
        return found[:-1]

    def counted(self, column: Any) -> tuple[list[int], list[int]]:
        low, high = self.span(column)
        if low >= 0 and high <= 2 * len(column):
            counts = self.numpy.bincount(column)
            values = counts.nonzero()[0]
            return values.tolist(), counts[values].tolist()
        values, counts = self.numpy.unique(column, return_counts=True)
        return values.tolist(), counts.tolist()

    def in_order(self, major: Any, minor: Any) -> bool:
        step = self.numpy.diff(major)
        return bool(((step > 0) | ((step == 0) & (self.numpy.diff(minor) > 0))).all())


class CompiledCarrier(ArrayCarrier):
    """NumPy arrays and the kernel compiled by numba."""

    name = "compiled"

    def __init__(self) -> None:
        super().__init__()
        self.kernel = compiled_twin(kernel)

    def picked(self, column: Any, order: Any) -> Any:
        order = self.column(order)
        found = self.numpy.empty(len(order), dtype=self.numpy.int64)
        self.kernel.gather(column, order, found)
        return found

    def order(self, column: Any, rows: int) -> Any:
        starts, order = self.filled(rows + 1, 0), self.filled(len(column), 0)
        self.kernel.transpose(column, starts, order, self.filled(rows, 0))
        return order

    def in_order(self, major: Any, minor: Any) -> bool:
        return bool(self.kernel.in_order(major, minor))


@cache
def plain() -> Carrier:
    """Return the plain carrier."""
    return PlainCarrier()


@cache
def packed() -> Carrier:
    """Return the plain carrier on packed columns."""
    return PackedCarrier()


@cache
def arrays() -> Carrier:
    """Return the carrier of NumPy alone; the first call imports NumPy."""
    return ArrayCarrier()


def to_sort(edges: int) -> Carrier:
    """The carrier to sort and to check so many edges on: no solver is loaded for it."""
    if edges < ARRAYS_FROM_EDGES or importlib.util.find_spec("numpy") is None:
        return plain()
    return arrays()


@cache
def compiled() -> Carrier:
    """Return the compiled carrier; the first call imports numba."""
    return CompiledCarrier()


def loops_on(carrier: Carrier, module: ModuleType) -> Any:
    """The functions of a module of hot loops for this carrier; the source is the same."""
    return compiled_twin(module) if carrier.name == "compiled" else module


@cache
def compiled_twin(module: ModuleType) -> ModuleType:
    """Make a second copy of a module in which each function that ``NAMES`` lists is compiled."""
    from numba import njit

    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_compiled", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    twin = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = twin  # numba's cache looks the module up by its name
    spec.loader.exec_module(twin)
    for name in module.NAMES:
        function = getattr(twin, name)
        try:
            setattr(twin, name, njit(cache=True)(function))
        except RuntimeError:
            # No place to keep the compiled code: compile anew in each process.
            setattr(twin, name, njit(function))
    return twin


def has_compiler() -> bool:
    """Whether the optional extra ``scale`` is installed."""
    return importlib.util.find_spec("numba") is not None


def choose(name: str, *, edges: int, number_max: int = 0) -> Carrier:
    """The carrier to use: small problems and numbers beyond 64 bits run plain."""
    if name not in ("auto", "plain", "compiled"):
        raise ValueError(f"carrier {name!r} is not one of auto, plain, compiled")
    if name == "plain" or number_max > COMPILED_NUMBER_MAX:
        return plain()
    if name == "auto" and (edges < COMPILED_FROM_EDGES or not has_compiler()):
        return plain()
    return compiled()
