"""Which sheets fill pairing? Checked rows become records through the actions."""

from lingyan.pairing.imports import pairings, statements

KINDS = (
    pairings.KIND,
    statements.UNITS_KIND,
    statements.VILLAGES_KIND,
    statements.MATRIX_KIND,
)

__all__ = ["KINDS"]
