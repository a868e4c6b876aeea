"""Which sheets fill pairing? Checked rows become records through the actions."""

from lingyan.pairing.imports import pairings

KINDS = (pairings.KIND,)

__all__ = ["KINDS"]
