"""Would the tests notice if a line of the rules or the engine were wrong? A seeded sample says.

Needs mutmut beside the tools of development: pip install "mutmut>=3.8,<4". Why it is built like
this, and what the figures were: docs/decisions/mutation-testing.md.

    python scripts/mutation_sample.py                       420 mutants, seed 1, at most an hour
    python scripts/mutation_sample.py --only lingyan_matching/verify.py --sample 60
    python scripts/mutation_sample.py --again REPORT        once more those that survived
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"

REPORT = Path(tempfile.gettempdir(), "mutation-sample.jsonl")

# What is mutated, and the tests that answer for it: pure ones first, the quickest to notice first.
ENGINE = "tests/matching/test_"
CODES = "tests/common/test_stored_codes.py"
GATES = "tests/supervision/test_gates.py"
PROCESSES = "tests/test_process_tables.py"
SETTINGS_OF_COUNTIES = "tests/directory/test_county_settings.py"
OF_THE_PAIR = "tests/pairing/test_rules.py"


def engine(*names: str) -> tuple[str, ...]:
    return tuple(f"{ENGINE}{name}.py" for name in names)


def of(area: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{area}/test_{name}.py" for name in names)


def rules_of(area: str, *names: str) -> tuple[str, ...]:
    """Name every table of the area's rules, the gates, then what is told through the actions."""
    return (PROCESSES, CODES, *of(area, "*rules*"), GATES, *of(area, *names))


organization = partial(rules_of, "organization")
pairing = partial(rules_of, "pairing")
posting = partial(rules_of, "posting")
supervision = partial(rules_of, "supervision")


def briefings(*names: str) -> tuple[str, ...]:
    pure = of("briefings", "monthly_rules", "text", "numbers", "periods", "writing", "bundle")
    return (PROCESSES, CODES, *pure, GATES, *of("briefings", *names))


def directory(*names: str) -> tuple[str, ...]:
    return (CODES, *of("directory", "rules_*"), GATES, *names)


# Of the rules of posting first those that the rulebook's own numbers speak of.
HARD_RULES = (
    *of("posting", "rules_of_the_person", "rules_of_the_pair", "rules_assessments", "rules_needs"),
    *of("posting", "rules_pool_entries", "rules_portraits", "rules_processes", "round_rules"),
    *of("posting", "rules_*"),
    CODES,
    *of("posting", "front_doors", "fit", "answers", "problem"),
    GATES,
)
SHEETS = (
    *of("posting", "answers", "front_doors", "price_words", "rules_sheet", "problem", "fit"),
    *of("posting", "from_sheets"),
    "tests/cli/test_match_posting.py",
)
PAIRS = (OF_THE_PAIR, CODES, *of("pairing", "round_rules"), "tests/cli/test_match_pairing.py")
DIARY = ("diary", "diary_sync", "diary_photos")

# Who reads the codes of every file in which this stands.
READERS = {
    "tests/test_refusals.py": r"\bRefusal\(|\brefuse_act\(",
    "tests/test_audit_texts.py": r"\bAUDIT_TEXTS\b",
}
TARGETS: dict[str, tuple[str, ...]] = {
    "lingyan/posting/rules/audit_texts.py": (CODES,),
    "lingyan/posting/rules/life*.py": posting("life", "presence"),
    "lingyan/posting/rules/form_facts.py": of("posting", "burden"),
    "lingyan/posting/rules/leave.py": posting("leave"),
    "lingyan/posting/rules/presence.py": posting("presence", "life"),
    "lingyan/posting/rules/problems.py": posting("problems"),
    "lingyan/posting/rules/reports.py": posting("reports", "problems"),
    "lingyan/posting/rules/diary*.py": posting(*DIARY, "reports"),
    "lingyan/posting/rules/hands.py": posting("leave", "life", "presence"),
    "lingyan/posting/rules/appraisal*.py": posting("appraisal"),
    "lingyan/posting/rules/ballots.py": posting("ballots", "appraisal"),
    "lingyan/posting/rules/liaison*.py": posting("liaison"),
    "lingyan/posting/rules/support*.py": posting("support_pages", "payment_corrections"),
    "lingyan/posting/rules/help_requests.py": posting("support_pages"),
    "lingyan/posting/rules/honors.py": posting("honors"),
    "lingyan/posting/rules/notices.py": posting("notice_objections"),
    "lingyan/posting/rules/health_checks.py": posting("health_check_actions"),
    "lingyan/posting/rules/sign_ins.py": posting("sign_in"),
    "lingyan/posting/rules/recall*.py": posting("recall"),
    "lingyan/posting/rules/replacements.py": posting("replacements", "recall"),
    "lingyan/posting/rules/tasks.py": posting("tasks"),
    "lingyan/posting/rules/burden.py": posting("burden"),
    "lingyan/posting/rules/settings.py": (*HARD_RULES, SETTINGS_OF_COUNTIES),
    "lingyan/posting/rules/rounds.py": (*HARD_RULES, *of("posting", "open_round", "issue_round")),
    "lingyan/posting/rules/figures.py": (*HARD_RULES, "tests/indicators/test_posting.py"),
    "lingyan/posting/rules/urgent_needs.py": (
        *HARD_RULES,
        "tests/organization/test_rect_urgent_need.py",
    ),
    "lingyan/posting/rules/**/*.py": HARD_RULES,
    "lingyan/posting/problem/to_sheets.py": (*SHEETS, *of("posting", "round_workbooks")),
    "lingyan/posting/problem/bound_lines.py": of("posting", "bound_lines"),
    "lingyan/posting/problem/**/*.py": SHEETS,
    "lingyan/pairing/rules/points.py": PAIRS,
    "lingyan/pairing/rules/invitations.py": pairing("sharing"),
    "lingyan/pairing/rules/pairings.py": pairing("agreement", "pairings", "repairs"),
    "lingyan/pairing/rules/activities.py": pairing("activities"),
    "lingyan/pairing/rules/activity_words.py": pairing("activities"),
    "lingyan/pairing/rules/assessments.py": pairing("assessments"),
    "lingyan/pairing/rules/rounds.py": pairing("round_actions"),
    "lingyan/pairing/rules/year.py": pairing("year"),
    "lingyan/pairing/rules/claims.py": pairing("pair_funds", "pair_problems"),
    "lingyan/pairing/rules/funds.py": pairing("pair_funds"),
    "lingyan/pairing/rules/pair_problems.py": pairing("pair_problems"),
    "lingyan/pairing/rules/figures.py": pairing("figures", "pairing_pages"),
    "lingyan/pairing/rules/sites.py": pairing("figures", "assessments"),
    "lingyan/pairing/rules/**/*.py": pairing("agreement", "pairings", "pair_problems"),
    "lingyan/pairing/problem/to_sheets.py": (*PAIRS, *of("pairing", "statement_sheets")),
    "lingyan/pairing/problem/**/*.py": PAIRS,
    "lingyan/directory/rules/people.py": directory(
        *of("directory", "secrets", "identity_numbers", "duplicates")
    ),
    "lingyan/directory/rules/places.py": directory(*of("directory", "place_changes")),
    "lingyan/directory/rules/hands.py": directory(*of("directory", "register_actions")),
    "lingyan/directory/rules/organizations.py": organization("committees"),
    "lingyan/directory/rules/departures.py": directory(*of("supervision", "closing")),
    "lingyan/directory/rules/__init__.py": directory(
        *of("directory", "register_actions", "accounts")
    ),
    "lingyan/*/rules/*settings.py": (CODES, SETTINGS_OF_COUNTIES),
    "lingyan/organization/rules/acceptance.py": organization("rectification_end"),
    "lingyan/organization/rules/follow_up.py": organization("rectification_end"),
    "lingyan/organization/rules/visits.py": organization("rectification"),
    "lingyan/organization/rules/rect_problems.py": organization("rectification", "rect_work_pages"),
    "lingyan/organization/rules/rect*.py": organization("rectification", "rectification_end"),
    "lingyan/organization/rules/screening.py": organization("rectification"),
    "lingyan/organization/rules/agency_targets.py": organization("reviews"),
    "lingyan/organization/rules/duty_lists.py": organization("reviews"),
    "lingyan/organization/rules/review*.py": organization("reviews"),
    "lingyan/organization/rules/joint_reviews.py": organization("term_changes"),
    "lingyan/organization/rules/lookback.py": organization("term_changes"),
    "lingyan/organization/rules/term_*.py": organization("term_changes"),
    "lingyan/organization/rules/elections.py": organization("term_changes"),
    "lingyan/organization/rules/**/*.py": organization("committees"),
    "lingyan/supervision/rules/interviews.py": supervision("interviews"),
    "lingyan/supervision/rules/overrides.py": supervision("gate_pages"),
    "lingyan/supervision/rules/report.py": supervision("gate_pages"),
    "lingyan/supervision/rules/**/*.py": supervision("tasks", "interviews", "closing"),
    "lingyan/briefings/rules/frozen.py": briefings("briefing"),
    "lingyan/briefings/rules/briefing*.py": briefings("briefing", "papers"),
    "lingyan/briefings/rules/paper.py": briefings("word", "papers"),
    "lingyan/briefings/rules/dashboards.py": briefings("dashboards"),
    "lingyan/briefings/rules/figure_cells.py": briefings("figures"),
    "lingyan/briefings/rules/readers.py": briefings("figures"),
    "lingyan/briefings/rules/monthly*.py": briefings("monthly", "monthly_figures"),
    "lingyan/briefings/rules/supplied.py": briefings("supplied", "draft"),
    "lingyan/briefings/rules/**/*.py": briefings("supplied", "draft", "word"),
    "lingyan_matching/__init__.py": engine("answers", "front_door", "explain", "repair", "compare"),
    "lingyan_matching/carrier.py": engine("answers", "loops", "problem", "columns"),
    "lingyan_matching/said.py": engine("said", "answers"),
    "lingyan_matching/kernel.py": engine(
        "answers", "loops", "total", "verify", "sought_after", "columns"
    ),
    "lingyan_matching/seating*.py": engine("answers", "total", "verify", "sought_after"),
    "lingyan_matching/columns.py": engine("columns"),
    "lingyan_matching/table_kernel.py": engine("columns", "loops"),
    "lingyan_matching/check_columns.py": engine("columns"),
    "lingyan_matching/edge_pass.py": engine("answers", "loops", "total", "sought_after"),
    "lingyan_matching/draw.py": engine("answers", "total", "flow"),
    "lingyan_matching/total.py": engine("answers", "total", "prices", "verify"),
    "lingyan_matching/stable.py": engine(
        "answers", "stable", "best", "infeasible", "stable_bounds", "stable_prices"
    ),
    "lingyan_matching/stable_trees.py": engine("stable_bounds"),
    "lingyan_matching/trees.py": engine("bounds", "stable_bounds"),
    "lingyan_matching/goals.py": (*engine("bounds"), "tests/cli/test_match_instance.py"),
    "lingyan_matching/ordered.py": engine("bounds"),
    "lingyan_matching/solver_total.py": engine("bounds", "bound_proof", "solver_prices"),
    "lingyan_matching/solver.py": engine(
        "answers", "best", "bounds", "bound_proof", "solver_prices"
    ),
    "lingyan_matching/relaxation.py": engine("bound_proof", "stable_bounds"),
    "lingyan_matching/verify_bound.py": engine("answers", "bound_proof", "bounds", "stable"),
    "lingyan_matching/dual_prices.py": engine("answers", "bound_proof", "bounds", "best"),
    "lingyan_matching/verify_ordered.py": engine("bounds", "verify"),
    "lingyan_matching/deferred.py": engine("answers", "loops", "stable", "best"),
    "lingyan_matching/preferences.py": engine("answers", "stable", "best", "explain"),
    "lingyan_matching/best.py": engine("answers", "best", "stable_bounds"),
    "lingyan_matching/flow.py": engine("answers", "flow", "prices", "repair"),
    "lingyan_matching/pairing_kernel.py": engine("answers", "loops", "flow"),
    "lingyan_matching/pairing_goals.py": engine("answers", "flow", "prices", "explain"),
    "lingyan_matching/crowd.py": engine("answers", "flow", "infeasible"),
    "lingyan_matching/verify.py": engine("answers", "verify", "total", "bounds"),
    "lingyan_matching/verify_stable.py": engine("answers", "stable", "best", "stable_bounds"),
    "lingyan_matching/verify_flow.py": engine("answers", "flow"),
    "lingyan_matching/explain.py": engine(
        "answers", "explain_stable", "explain", "prices", "solver_prices"
    ),
    "lingyan_matching/price_*.py": engine("loops", "price_book"),
    "lingyan_matching/quick_repair.py": engine("loops", "price_book"),
    "lingyan_matching/stable_prices.py": engine("loops", "stable_prices", "stable_bounds"),
    "lingyan_matching/explain_solved.py": engine("bounds", "solver_prices"),
    "lingyan_matching/explain_stable.py": engine(
        "answers", "explain_stable", "explain", "stable", "stable_bounds", "stable_prices"
    ),
    "lingyan_matching/regret.py": engine("answers", "explain", "prices", "repair"),
    "lingyan_matching/residual.py": engine("answers", "prices", "repair", "explain", "flow"),
    "lingyan_matching/infeasible.py": engine("answers", "infeasible", "bounds"),
    "lingyan_matching/verify_hall.py": engine("answers", "infeasible"),
    "lingyan_matching/filling.py": engine("answers", "infeasible"),
    "lingyan_matching/ways.py": engine("ways", "answers", "explain", "prices"),
    "lingyan_matching/heap.py": engine("answers", "loops", "total", "price_book"),
    "lingyan_matching/chosen.py": engine("answers", "total", "stable", "prices", "bounds"),
    "lingyan_matching/lot.py": engine("answers", "total", "best"),
    "lingyan_matching/plan.py": engine("answers", "problem", "verify", "repair", "compare"),
    "lingyan_matching/problem/*.py": engine(
        "answers", "problem", "explain", "compare", "bounds", "flow"
    ),
    "lingyan_matching/rank_kernel.py": engine("answers", "loops", "stable"),
    "lingyan_matching/scale.py": engine("answers", "prices", "infeasible", "price_book"),
    "lingyan_matching/wording.py": engine("answers", "explain", "explain_stable"),
    "lingyan_matching/repair.py": engine("answers", "loops", "repair", "prices", "solver_prices"),
    "lingyan_matching/changes.py": engine("answers", "loops", "repair"),
    "lingyan_matching/compare.py": engine("answers", "compare"),
}
# Compiled code is the same source; compiling it anew for each mutant would cost ten seconds each.
# The others left out try readers of files and the start of a process, which nothing here changes.
LEFT_OUT = " and ".join(
    f"not {name}"
    for name in ("compiled", "carriers", "zip_bomb", "one_wrong_row", "starts_without")
)
# A sentence for people, in Chinese or English; a key or a code is neither.
WORDS = re.compile(r"[\u2e80-\uffef]|[a-z,;:] [a-z{]")
# Most tests named above are pure: without Django and its plugins pytest starts in half a second.
MARKS = ("browser", "postgres", "walled", "pure", "slow", "timeout(seconds)")
SETTINGS = "\n    ".join(("[pytest]\nfilterwarnings = error\nmarkers =", *MARKS)) + "\n"
PYTEST = (
    *("-q", "--tb=no", f"--rootdir={ROOT}", "--hypothesis-seed=0"),
    *("-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"),
    *("--assert=plain", "-p", "no:unraisableexception", "-p", "no:threadexception"),
)
GO_ON = ("--continue-on-collection-errors",)
PURE = ("--noconftest", "-p", "tests.cli.conftest")
# The others find a database that is made once, when they run as they are.
DJANGO = ("-p", "pytest_django.plugin", "--ds=mutated_settings", "--reuse-db", "--nomigrations")
DJANGO_SETTINGS = """from tests.settings import *

TEMPLATE = "{folder}/made.sqlite3"
OWN = f"{{os.environ['LINGYAN_DATA']}}/test.sqlite3"
if os.path.exists(TEMPLATE):
    import shutil

    shutil.copy(TEMPLATE, OWN)
else:
    OWN = TEMPLATE
DATABASES["default"]["TEST"] = {{"NAME": OWN}}
"""
MEMORY_MAX = 3 << 30
END_OF = {0: "survived", -signal.SIGXCPU: "too long", -signal.SIGKILL: "too long"}
# Loaded once, before the mutants part ways; none of them imports a module of ours.
LOADED_BEFORE = (
    "numpy",
    "hypothesis",
    "hypothesis.strategies",
    "scipy.optimize",
    "scipy.sparse",
    "highspy",
    "networkx",
    "openpyxl",
    "python_calamine",
    "xlsxwriter",
    "pytest_django.plugin",
    "django.forms",
    "django.test",
    "cryptography.fernet",
    "requests",
)


Place = tuple[str, int]  # a file below src, and which of its mutants


@dataclass(frozen=True, slots=True)
class Mutant:
    path: str  # below src
    number: int  # among those of its file
    line: int
    change: str

    @property
    def place(self) -> Place:
        return self.path, self.number

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}#{self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    mutant: Mutant
    end: str  # "killed", "survived" or "too long"
    seconds: float

    @property
    def killed(self) -> bool:
        return self.end != "survived"


def main(arguments: Sequence[str]) -> int:
    options = options_of(arguments)
    if importlib.util.find_spec("mutmut") is None:
        print('mutmut 没有安装：pip install "mutmut>=3.8,<4"', file=sys.stderr)
        return 2
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(SOURCE)]
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    for name in LOADED_BEFORE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    outcomes = outcomes_in(options.report) if options.go_on else []
    done = {outcome.mutant.place for outcome in outcomes}
    places = [place for place in chosen_places(options) if place not in done]
    print(f"{len(places)} 个变异体", flush=True)
    gc.freeze()  # what is loaded before the processes part is never looked through again
    with (
        tempfile.TemporaryDirectory(prefix="lingyan-mutation-") as folder,
        options.report.open("a" if options.go_on else "w", encoding="utf-8") as report,
    ):
        os.environ.update(TMPDIR=folder, HYPOTHESIS_STORAGE_DIRECTORY=f"{folder}/hypothesis")
        tempfile.tempdir = folder
        Path(folder, "pytest.ini").write_text(SETTINGS, encoding="utf-8")
        Path(folder, "mutated_settings.py").write_text(
            DJANGO_SETTINGS.format(folder=folder), encoding="utf-8"
        )
        sys.path.insert(0, folder)
        for outcome in run_all(places, options):
            outcomes.append(outcome)
            report.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            report.flush()
    print_figures(outcomes)
    return 0


def outcomes_in(report: Path) -> list[Outcome]:
    rows = map(json.loads, report.read_text(encoding="utf-8").splitlines())
    return [Outcome(**{**row, "mutant": Mutant(**row["mutant"])}) for row in rows]


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=420)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--go-on", action="store_true", help="with what the report still lacks")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="only files whose path matches")
    parser.add_argument("--again", type=Path, help="a report: run once more what survived")
    parser.add_argument("--report", type=Path, default=REPORT)
    return parser.parse_args(arguments)


# --- which mutants


def chosen_places(options: argparse.Namespace) -> list[Place]:
    """Choose a seeded sample of all mutants, or the survivors of a report."""
    if options.again:
        survivors = [outcome.mutant for outcome in outcomes_in(options.again) if not outcome.killed]
        found = [find_again(mutant) for mutant in survivors if re.search(options.only, mutant.path)]
        return [place for place in found if place]
    paths = [path for path in target_files() if re.search(options.only, path)]
    everything = [(path, number) for path in paths for number in file_of(path).numbers]
    print(f"{len(everything)} 处可变异，取 {options.sample}（seed {options.seed}）", flush=True)
    return random.Random(options.seed).sample(everything, min(options.sample, len(everything)))  # noqa: S311


def find_again(wanted: Mutant) -> Place | None:
    """Find the same change once more, also where the file has moved on since the report."""
    file = file_of(wanted.path)
    for number in sorted(file.numbers, key=lambda number: abs(number - wanted.number)):
        if file.mutant(number)[0].change == wanted.change:
            return wanted.path, number
    print(f"不再存在：{wanted.name}", flush=True)
    return None


def target_files() -> list[str]:
    found = {path for pattern in TARGETS for path in SOURCE.glob(pattern)}
    return sorted(str(path.relative_to(SOURCE)) for path in found)


@cache
def file_of(path: str) -> File:
    return File(path)


class File:
    """One source file and everything that mutmut would change in it, but words for people."""

    def __init__(self, path: str) -> None:
        from mutmut.mutation.file_mutation import create_mutations

        self.path = path
        self.text = source_of(path)
        self.module, self.mutations, *_ = create_mutations(path, self.text)
        self.numbers = [
            number for number, change in enumerate(self.mutations) if not is_about_words(change)
        ]

    def mutant(self, number: int) -> tuple[Mutant, str]:
        change = self.mutations[number]
        text: str = self.module.deep_replace(change.original_node, change.mutated_node).code
        line, difference = difference_of(self.text, text)
        return Mutant(self.path, number, line, difference), text


def is_about_words(change: Any) -> bool:
    """Whether only a sentence for people changes: proofreading finds that, not a test."""
    import libcst

    node = change.original_node
    if not isinstance(node, libcst.BaseString):
        return False
    return WORDS.search(libcst.Module([]).code_for_node(node)) is not None


def difference_of(before: str, after: str) -> tuple[int, str]:
    rows = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    line = int(rows[0].split()[1].lstrip("-").partition(",")[0]) if rows else 0
    return line, "\n".join(row for row in rows if not row.startswith("@@"))


# --- running them


@cache
def tests_of(path: str) -> tuple[str, ...]:
    """Name the tests that answer for a file, each once and in the order of the table."""
    patterns = next(
        tests for pattern, tests in TARGETS.items() if (SOURCE / path) in SOURCE.glob(pattern)
    )
    found = [test for pattern in patterns for test in sorted(ROOT.glob(pattern))]
    names = [str(test.relative_to(ROOT)) for test in dict.fromkeys(found)]
    return (*names, *(test for test, said in READERS.items() if re.search(said, source_of(path))))


def run_all(places: Sequence[Place], options: argparse.Namespace) -> Iterator[Outcome]:
    """Run first the tests as they are, then each mutant; who computes far too long is noticed."""
    ends_at = time.monotonic() + options.minutes * 60
    as_it_is = tests_as_they_are(places, options)
    jobs = (Job(*file_of(path).mutant(number), as_it_is) for path, number in places)
    for mutant, end, seconds in run_pool(jobs, options.workers, ends_at):
        print(f"{end:9s}{seconds:6.1f} s  {mutant.name}", flush=True)
        yield Outcome(mutant, end, round(seconds, 2))


@dataclass(frozen=True, slots=True)
class AsItIs:
    """What each test computes with nothing changed, and which of them need Django."""

    seconds: dict[str, float]
    django: list[str]

    def ways(self, path: str) -> tuple[list[str], list[str]]:
        """Part the tests of a file: those that answer by themselves, those that need Django."""
        tests = tests_of(path)
        return (
            [test for test in tests if test not in self.django],
            [test for test in tests if test in self.django],
        )


def tests_as_they_are(places: Iterable[Place], options: argparse.Namespace) -> AsItIs:
    """Run every test once with nothing changed; who does not pass without Django must with it."""
    kept = options.report.with_suffix(".tests.json")
    if options.go_on and kept.exists():
        return AsItIs(**json.loads(kept.read_text(encoding="utf-8")))
    seconds: dict[str, float] = {}
    waiting = sorted({test for path, _ in places for test in tests_of(path)})
    for django in (False, True):
        if not waiting:
            break
        work = partial(run_tests, waiting, kept, django=django, more=GO_ON)
        os.waitpid(start(work, 1200), 0)
        found = json.loads(kept.read_text(encoding="utf-8"))
        seconds |= {test: found["seconds"].get(test, 0.0) for test in waiting}
        waiting = found["failed"]
        if not django:
            with_django = waiting
    if waiting:
        raise SystemExit(f"没有变异时测试也没有通过：pytest {' '.join(waiting)}")
    as_it_is = AsItIs(seconds, with_django)
    kept.write_text(json.dumps(asdict(as_it_is)), encoding="utf-8")
    print(f"没有变异时 {sum(seconds.values()):.0f} 秒", flush=True)
    return as_it_is


@dataclass(frozen=True, slots=True)
class Job:
    mutant: Mutant
    text: str
    as_it_is: AsItIs

    @property
    def seconds_max(self) -> float:
        """Of computing, not of waiting: other people use the machine too."""
        seconds = (self.as_it_is.seconds[test] for test in tests_of(self.mutant.path))
        return 12 + 2 * sum(seconds)

    def run(self) -> int:
        code = compile(self.text, str(SOURCE / self.mutant.path), "exec")
        sys.meta_path.insert(0, Mutated(self.mutant.path, code))
        let_it_be_read(SOURCE / self.mutant.path, self.text)
        pure, with_django = self.as_it_is.ways(self.mutant.path)
        if pure and (found := run_tests(pure, django=False)):
            return found
        return run_tests(with_django, django=True) if with_django else 0


def let_it_be_read(changed: Path, text: str) -> None:
    """Who reads the source instead of loading it, as the page of refusals does, reads this."""
    read_text = Path.read_text

    def read(path: Path, *options: Any, **more: Any) -> str:
        return text if path == changed else read_text(path, *options, **more)

    Path.read_text = read  # type: ignore[method-assign]


def run_pool(
    jobs: Iterator[Job], workers: int, ends_at: float
) -> Iterator[tuple[Mutant, str, float]]:
    """One process for each mutant, so many at a time; none is begun once the time is up."""
    running: dict[int, tuple[Mutant, float]] = {}
    while True:
        while len(running) < workers and time.monotonic() < ends_at and (job := next(jobs, None)):
            running[start(job.run, job.seconds_max)] = (job.mutant, time.monotonic())
        if not running:
            return
        process, status = os.wait()
        mutant, since = running.pop(process)
        end = END_OF.get(os.waitstatus_to_exitcode(status), "killed")
        yield mutant, end, time.monotonic() - since


def source_of(path: str) -> str:
    return (SOURCE / path).read_text(encoding="utf-8")


def start(work: Callable[[], int], seconds_max: float) -> int:
    """Part a process of its own, quiet and bounded."""
    process = os.fork()
    if process:
        return process
    code = 3
    try:
        seconds = int(seconds_max)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        code = work()
    finally:
        os._exit(code)


def run_tests(
    tests: Sequence[str], report: Path | None = None, *, django: bool, more: Sequence[str] = ("-x",)
) -> int:
    import pytest

    seen = Seen()
    settings = ("-c", f"{tempfile.gettempdir()}/pytest.ini")
    way = DJANGO if django else PURE
    chosen = [*settings, *PYTEST, *more, *way, "-k", LEFT_OUT, *tests]
    code = int(pytest.main(chosen, plugins=[seen]))
    if report:
        failed = [test for test in tests if test in seen.failed]
        found = {"seconds": seen.seconds, "failed": failed}
        report.write_text(json.dumps(found), encoding="utf-8")
    return code


class Seen:
    """Counts what each file of tests computes, and which of them did not pass."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()
        self.since = 0.0

    def pytest_runtest_logstart(self) -> None:
        self.since = time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid.partition("::")[0]] += time.process_time() - self.since

    def pytest_collectreport(self, report: Any) -> None:
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.add(report.nodeid.partition("::")[0])


class Mutated(importlib.abc.MetaPathFinder):
    """Finds one module, in its mutated form."""

    def __init__(self, path: str, code: CodeType) -> None:
        self.path, self.code = SOURCE / path, code
        self.name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        loader = GivenCode(fullname, str(self.path), lambda: self.code)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


class GivenCode(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: Callable[[], CodeType]) -> None:
        super().__init__(fullname, path)
        self.given = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the protocol's
        return self.given()


# --- what came of it


def print_figures(outcomes: Sequence[Outcome]) -> None:
    tried = Counter(outcome.mutant.path for outcome in outcomes)
    killed = Counter(outcome.mutant.path for outcome in outcomes if outcome.killed)
    print(f"\n{'file':44s}{'tried':>7s}{'killed':>8s}{'left':>6s}")
    for path in sorted(tried):
        print(f"{path:44s}{tried[path]:7d}{killed[path]:8d}{tried[path] - killed[path]:6d}")
    share = sum(killed.values()) / max(1, len(outcomes))
    print(f"{'all':44s}{len(outcomes):7d}{sum(killed.values()):8d}   {share:.1%}")
    for outcome in sorted(outcomes, key=lambda outcome: outcome.mutant.name):
        if not outcome.killed:
            print(f"\n{outcome.mutant.name}\n{outcome.mutant.change}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
