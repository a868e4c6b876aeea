"""Are the compiled loops ready after a warm-up, and is nothing loaded without a compiler?"""

from __future__ import annotations

import subprocess
import sys

from lingyan_matching import carrier, price_kernel, table_kernel, warm


def test_a_warm_up_compiles_what_every_large_mode_runs():
    assert warm.warm_up()

    kernel = carrier.compiled().kernel
    for name in ("assign", "tight_edges", "split_by_person", "lay_seats"):
        assert getattr(kernel, name).signatures, name
    assert carrier.compiled_twin(table_kernel).seat_parts.signatures
    prices = carrier.compiled_twin(price_kernel)
    for name in ("edges_of_rows", "ways_from_hub", "ways_to_hub", "price_post", "price_all"):
        assert getattr(prices, name).signatures, name
    for name in ("spread", "spread_from_person"):
        assert getattr(prices, name).signatures, name


def test_without_a_compiler_nothing_is_warmed_up(monkeypatch):
    monkeypatch.setattr(warm, "has_compiler", lambda: False)

    assert not warm.warm_up()


def test_importing_the_warm_up_loads_no_compiler():
    program = "import sys, lingyan_matching.warm; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
