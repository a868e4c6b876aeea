"""Which numbers stand on the overview of a county, a town, a village and a unit?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class Level(Choice):
    COUNTY = "county", "全县"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村"
    UNIT = "unit", "单位"


# What is asked of each level first; those that a role may not read fall out.
TILES: dict[Level, tuple[str, ...]] = {
    Level.COUNTY: (
        "IND-2-06", "IND-2-08", "IND-2-01", "IND-2-03", "IND-3-02", "IND-3-03", "IND-3-05",
        "IND-3-06", "IND-3-07", "IND-4-01", "IND-4-02", "IND-13-02",
    ),
    Level.TOWNSHIP: (
        "IND-2-06", "IND-2-08", "IND-2-11", "IND-3-02", "IND-3-03", "IND-3-06", "IND-3-07",
        "IND-4-01", "IND-4-03", "IND-1-09", "IND-1-13", "IND-13-02",
    ),
    Level.VILLAGE: (
        "IND-2-06", "IND-2-08", "IND-3-03", "IND-3-04", "IND-3-05", "IND-3-06", "IND-3-07",
        "IND-4-01", "IND-1-09", "IND-1-13", "IND-1-14", "P-13-LATE",
    ),
    Level.UNIT: (
        "IND-2-06", "IND-2-08", "IND-2-03", "IND-3-02", "P-3-HELD", "IND-3-03", "IND-3-04",
        "IND-3-05", "IND-3-06", "IND-3-07", "IND-3-08", "IND-13-02",
    ),
}  # fmt: skip
OF_UNITS = frozenset(TILES[Level.UNIT])
"""What is counted of a unit; of any other number a unit has none, which is not nought."""
