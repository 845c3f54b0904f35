"""What is offered as OGC processes: the models, and what the workbench does with the city."""

from app.planning import Planning
from app.processes.city import exposure_process, scenario_process
from app.processes.grading import GRADING
from app.processes.sweeping import SWEEP_PROCESS
from ogc.processes.models import model_processes
from ogc.processes.process import Process


def processes(planning: Planning) -> dict[str, Process]:
    """Every process there is, by id."""
    city = (scenario_process(planning), SWEEP_PROCESS, exposure_process(planning), GRADING)
    return {one.id: one for one in city} | model_processes()
