"""Which sheets fill needs, pool and rounds? Checked rows become records through the actions."""

from lingyan.posting.imports import needs, people

KINDS = (needs.KIND, people.KIND)

__all__ = ["KINDS"]
