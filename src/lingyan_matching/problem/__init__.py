"""What is given: who may go where, with how many points, and is it well formed?

The neutral instance (``lingyan.instance/1``, with bounds over several posts or people ``/2``) names
people, posts, units and the eligible pairs.
Here it is read with every error at once, brought into an order that does not depend on the order
of the input, and laid out as a graph.
"""

from lingyan_matching.problem.checking import check_marks, check_problem, holds
from lingyan_matching.problem.form import (
    FORMAT,
    FORMAT_WITH_BOUNDS,
    BadInstance,
    Bound,
    InstanceError,
    Pair,
    Person,
    Post,
    Problem,
    Unit,
)
from lingyan_matching.problem.graph import (
    Graph,
    build,
    edge_between,
    row_starts,
    snapshot_of,
    tickets_of,
)
from lingyan_matching.problem.order import (
    canonical,
    canonical_bytes,
    edge_order,
    snapshot_sha256,
    to_json,
    with_marks,
)
from lingyan_matching.problem.reading import load_instance, parse_instance, read_json

__all__ = [
    "FORMAT",
    "FORMAT_WITH_BOUNDS",
    "BadInstance",
    "Bound",
    "Graph",
    "InstanceError",
    "Pair",
    "Person",
    "Post",
    "Problem",
    "Unit",
    "build",
    "canonical",
    "canonical_bytes",
    "check_marks",
    "check_problem",
    "edge_between",
    "edge_order",
    "holds",
    "load_instance",
    "parse_instance",
    "read_json",
    "row_starts",
    "snapshot_of",
    "snapshot_sha256",
    "tickets_of",
    "to_json",
    "with_marks",
]
