"""What pygeoapi loads by dotted path to list processes; it executes none (docs/decisions/0013)."""

from typing import Any

from pygeoapi.process.base import BaseProcessor
from pygeoapi.process.manager.base import BaseManager

from core.caller import current_caller
from ogc.oapi.serving import serving


class Listing(BaseManager):
    """Knows which processes the caller may execute."""


class Listed(BaseProcessor):
    """One process by name only: pygeoapi takes words such as `n` for languages and escapes `>` in what it is given."""

    def __init__(self, processor_def: dict[str, Any]) -> None:
        process = serving.get().processes[processor_def["process"]]
        title = process.title.of(current_caller.get().lang)
        plain = {"id": process.id, "title": title, "description": title, "inputs": {}, "outputs": {}}
        super().__init__(processor_def, plain)


def resources(process_ids: list[str]) -> dict[str, Any]:
    """The processes as entries of pygeoapi's configuration."""
    return {
        name: {"type": "process", "processor": {"name": "ogc.processes.plugin.Listed", "process": name}}
        for name in process_ids
    }
