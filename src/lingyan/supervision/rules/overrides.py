"""What is said of a gate that was opened for one record?"""

from __future__ import annotations

AUDIT_TEXTS = {"supervision.gate.overridden": "关口放行"}
