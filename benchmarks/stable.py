"""How fast are both ends of mode B, and mode C, beside the `matching` package?

    python benchmarks/stable.py [--city] [--python PATH] [--best]

County: 130 posts, 300 people; city: 2,500 x 5,000; 60 eligible posts for each person, strict lists
on both sides. The peer runs in a process of its own, with the Python that is given (it must have
`matching`); it copies its players deeply, so it gets a large stack, and it changes the game that it
solves, so each side has a game of its own. Both plans must be the same. A graph build counts on
both sides ("with build") or on neither ("without"); the peer ranks while it builds, ours after it,
so "ours without" has the ranking still in it. Both start from what they like best: the peer from
tables of names, ours from packed columns. --best times mode C with lists of 8, of 60 and
of all, and where there are as many people as posts, which is harder.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from time import perf_counter, process_time

SIDES = {"people": "resident", "posts": "hospital"}


def wishes(people: int, posts: int, degree: int = 60, seed: int = 1) -> dict:
    """Strict lists on both sides, as tables of names."""
    rng = random.Random(seed)
    of_people = {
        f"p{i:05}": [f"g{g:05}" for g in rng.sample(range(posts), degree)] for i in range(people)
    }
    of_posts: dict[str, list[str]] = {f"g{g:05}": [] for g in range(posts)}
    for person, wanted in of_people.items():
        for post in wanted:
            of_posts[post].append(person)
    of_posts = {post: wanting for post, wanting in of_posts.items() if wanting}
    for wanting in of_posts.values():
        rng.shuffle(wanting)
    return {"people": of_people, "posts": of_posts}


# --- the peer, in a process of its own -----------------------------------------------------------


def run_as_peer(path: str) -> None:
    from matching.games import HospitalResident

    warnings.simplefilter("ignore")
    lists = json.loads(Path(path).read_text())
    answers = {}

    def work() -> None:
        for side, optimal in SIDES.items():
            started = perf_counter()
            seats = dict.fromkeys(lists["posts"], 1)
            game = HospitalResident.create_from_dictionaries(lists["people"], lists["posts"], seats)
            built = perf_counter()
            plan = game.solve(optimal=optimal)
            solved = perf_counter()
            pairs = sorted((i.name, g.name) for g, mine in plan.items() for i in mine)
            answers[side] = {"build": built - started, "solve": solved - built, "pairs": pairs}

    sys.setrecursionlimit(10**7)
    threading.stack_size(1 << 30)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    json.dump(answers, sys.stdout)


def ask_peer(python: str, lists: dict) -> dict | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wishes.json"
        path.write_text(json.dumps(lists))
        command = [python, __file__, "--as-peer", str(path)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(found.stdout) if found.returncode == 0 and found.stdout else None


# --- ours ----------------------------------------------------------------------------------------


def problem_of(lists: dict):
    from lingyan_matching import Person, Post, Problem
    from lingyan_matching.carrier import plain

    packed = plain().packed
    people, posts = sorted(lists["people"]), sorted(lists["posts"])
    person_at = {name: n for n, name in enumerate(people)}
    wish = {(i, g): n for i, row in lists["people"].items() for n, g in enumerate(row, start=1)}
    pairs, ranks = [], []
    for g, post in enumerate(posts):
        rank = {name: n for n, name in enumerate(lists["posts"][post], start=1)}
        for name in sorted(rank):
            pairs.append((person_at[name], g))
            ranks.append((wish[name, post], rank[name]))
    return Problem(
        tuple(map(Person, people)),
        tuple(map(Post, posts)),
        (),
        packed([i for i, _ in pairs]),
        packed([g for _, g in pairs]),
        packed([0] * len(pairs)),
        packed([a for a, _ in ranks]),
        packed([b for _, b in ranks]),
    )


def measure(problem, name: str) -> dict:
    """Best of several runs: graph build, ranking and each end, in seconds."""
    from lingyan_matching import build
    from lingyan_matching.carrier import compiled, plain
    from lingyan_matching.stable import propose, rank_wishes

    carrier = plain() if name == "plain" else compiled()
    best: dict = {}
    for _ in range(20):
        times, started = {}, perf_counter()
        graph = build(problem, carrier=name)
        times["build"] = perf_counter() - started
        started = perf_counter()
        ranked = rank_wishes(graph, seed=1, carrier=carrier)
        times["rank"] = perf_counter() - started
        held = {}
        for side in SIDES:
            started = perf_counter()
            held[side] = propose(graph, ranked, side=side, carrier=carrier)
            times[side] = perf_counter() - started
        best = {key: min(value, best.get(key, value)) for key, value in times.items()}
    people, posts = graph.problem.people, graph.problem.posts
    best["pairs"] = {
        side: sorted(
            (people[graph.edge_person[e]].id, posts[graph.edge_post[e]].id) for e in edges if e >= 0
        )
        for side, edges in held.items()
    }
    return best


def report(title: str, lists: dict, python: str) -> None:
    print(f"{title}: {len(lists['people'])} people, {len(lists['posts'])} posts, seconds")
    peer = ask_peer(python, lists)
    if peer is None:
        print("  matching   not installed for this Python (see --python)")
    else:
        for side, row in peer.items():
            print(f"  matching   {side:6} build {row['build']:8.4f} solve {row['solve']:8.4f}")
    for name in ("plain", "compiled"):
        own = measure(problem_of(lists), name)
        print(
            f"  {name:10} build {own['build']:8.4f} rank {own['rank']:8.4f} "
            f"people {own['people']:8.4f} posts {own['posts']:8.4f}"
        )
        if peer is not None:
            compare(own, peer)


def compare(own: dict, peer: dict) -> None:
    for side in SIDES:
        same = [tuple(pair) for pair in peer[side]["pairs"]] == own["pairs"][side]
        print(f"    {side}: {'same plan' if same else 'ANOTHER PLAN'}")
    ours = own["rank"] + own["people"] + own["posts"]
    theirs = sum(row["solve"] for row in peer.values())
    built = sum(row["build"] for row in peer.values())
    print(
        f"    both ends: {(theirs + built) / (ours + own['build']):.0f} x with build, "
        f"{(theirs + built) / ours:.0f} x if only theirs counts, {theirs / ours:.0f} x without"
    )


# --- mode C --------------------------------------------------------------------------------------


def tied(people: int, posts: int, degree: int, seed: int):
    """Lists in four classes, posts' lists in five, scores 0 to 1000."""
    from lingyan_matching import Person, Post, Problem

    rng = random.Random(seed)
    rows = sorted(
        (g, i, rng.randint(0, 1000), place * 4 // degree + 1, rng.randint(1, 5))
        for i in range(people)
        for place, g in enumerate(rng.sample(range(posts), degree))
    )
    post, person, score, person_rank, post_rank = zip(*rows, strict=True)
    return Problem(
        tuple(Person(f"p{n:03}") for n in range(people)),
        tuple(Post(f"g{n:03}") for n in range(posts)),
        (),
        person,
        post,
        score,
        person_rank,
        post_rank,
    )


def report_best() -> None:
    from lingyan_matching import build, solve

    solve(build(tied(20, 10, 5, 1)), mode="stable-best")  # the first call loads the solver
    for people, degree in ((300, 8), (300, 60), (300, 130), (130, 8)):
        for seed in (1, 2, 3):
            graph = build(tied(people, 130, degree, seed))
            started, busy = perf_counter(), process_time()
            plan = solve(graph, mode="stable-best")
            times = f"{perf_counter() - started:.2f} s, {process_time() - busy:.2f} s of it at work"
            goals = ", ".join(f"{goal.name} {goal.value} ({goal.proved})" for goal in plan.goals)
            print(f"mode C, {people} people, lists of {degree}: {times}; {goals}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--best", action="store_true")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--as-peer", metavar="WISHES")
    asked = parser.parse_args()
    if asked.as_peer:
        run_as_peer(asked.as_peer)
        return
    report("county", wishes(300, 130), asked.python)
    if asked.city:
        report("city", wishes(5000, 2500), asked.python)
    if asked.best:
        report_best()


if __name__ == "__main__":
    main()
