"""Every process there is."""

from ogc.processes.models import model_processes
from ogc.processes.process import Process


def processes() -> dict[str, Process]:
    """By id: the consequence models."""
    return model_processes()
