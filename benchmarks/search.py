"""How long does a search take among 10,000 and 100,000 people, units and villages?

    python benchmarks/search.py [--rows 100000]
    LINGYAN_TEST_DATABASE_URL=postgresql://… python benchmarks/search.py

Every question is put at a tenth of the size and at the whole, in one run, to our search and to the
usual way, LIKE '%…%' with the page's order. Budget: 80 ms a search at the whole size. The pages of
the lists stand in `lists.py`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import county

ROUNDS, BUDGET_MS = 5, 80
PEOPLE = ("李", "李甲", "志勇", "l", "lj", "lizhiyong", "zzz")
UNITS = ("财政", "宣汉县春", "c", "czj", "dongnan", "zzz")
PLACES = ("春", "春夏村", "c", "cxc", "chunxia", "zzz")
SCOPES = {"全县": "0001", "一个乡镇": "00010007"}
Figures = dict[tuple[str, str, str], tuple[float, float, float]]
"""Milliseconds by what, text and scope: median, slowest, median of the usual way."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    size = parser.parse_args().rows
    county.prepare()
    from django.db import connection

    county.fill_register(size // 10)
    tenth = searches()
    county.fill_register(size, since=size // 10)
    whole = searches()
    print(f"{connection.vendor}，人员、单位、村各 {size // 10} 和 {size}\n")
    print("搜索 | 中位 ms | 倍数 | 最慢 ms | LIKE '%…%' 中位 ms | 倍数 | LIKE 是我们的几倍")
    for key, (middle, slowest, usual) in whole.items():
        before, _, usual_before = tenth[key]
        print(
            f"{' '.join(key):<24}\t{before:6.1f} → {middle:6.1f}{middle / before:8.1f}"
            f"{slowest:9.1f}"
            f"{usual_before:9.1f} → {usual:6.1f}{usual / usual_before:8.1f}{usual / middle:9.1f}"
        )
    worst = max(slowest for _, slowest, _ in whole.values())
    ratio = statistics.median(whole[key][0] / tenth[key][0] for key in whole)
    usual_ratio = statistics.median(whole[key][2] / tenth[key][2] for key in whole)
    print(f"\n十倍的行数，搜索用时 {ratio:.1f} 倍（中位），LIKE '%…%' {usual_ratio:.1f} 倍")
    print(f"最慢的一次搜索 {worst:.1f} ms（预算 {BUDGET_MS} ms）")
    return 0 if worst <= BUDGET_MS else 1


def searches() -> Figures:
    """Every kind of question, in a wide and a narrow scope."""
    from lingyan.directory import search
    from lingyan.directory.models import Person, Place, Unit
    from lingyan.platform.accounts.actor import Scope

    asked: tuple[tuple[str, Callable[..., Any], Any, tuple[str, ...]], ...] = (
        ("人员", search.search_people, Person, PEOPLE),
        ("单位", search.search_units, Unit, UNITS),
        ("村", search.search_places, Place, PLACES),
    )
    found: Figures = {}
    for label, act, model, texts in asked:
        for text in texts:
            for where, path in SCOPES.items():
                scope = Scope(place_paths=(path,))
                middle, slowest = timed(act, scope, text)
                usual, _ = timed(like, model, scope, text)
                found[label, text, where] = (middle, slowest, usual)
    return found


def timed(act: Callable[..., Any], *asked: Any) -> tuple[float, float]:
    act(*asked)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act(*asked)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


def like(model: Any, scope: Any, text: str) -> list[Any]:
    """The usual way: anywhere in the name, with the page's order."""
    from django.db.models import Q

    own = model.objects.visible_to(scope)
    keys = ("pinyin", "initials") if text.isascii() else ("name", "name")
    anywhere = Q(**{f"{keys[0]}__icontains": text}) | Q(**{f"{keys[1]}__icontains": text})
    return list(own.filter(anywhere).order_by("name")[:20])


if __name__ == "__main__":
    sys.exit(main())
