"""Which sheets fill the register? Checked rows become records through the ordinary actions."""

from lingyan.directory.imports import geography, officers, places, relatives, units

KINDS = (
    places.KIND,
    units.KIND,
    officers.KIND,
    relatives.KIND,
    geography.ADJOINING_KIND,
    geography.CALENDAR_KIND,
)

__all__ = ["KINDS"]
