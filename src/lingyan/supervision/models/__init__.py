"""Which records does 督查督办 keep?"""

from lingyan.supervision.models.interviews import Interview
from lingyan.supervision.models.overrides import GateOverride
from lingyan.supervision.models.tasks import SupervisionTask, TaskPhoto

__all__ = ["GateOverride", "Interview", "SupervisionTask", "TaskPhoto"]
