"""A process described as the standard has it, in one language."""

from core.texts import Lang
from ogc.processes.process import Json, Part, Process, told


def summary(process: Process, lang: Lang) -> Json:
    """A process as it is listed among others."""
    return {
        "id": process.id,
        "version": process.version,
        "title": process.title.of(lang),
        "description": process.about.of(lang),
        "jobControlOptions": [str(mode) for mode in process.modes],
        "outputTransmission": ["value"],
        **_facts(process.facts, lang),
    }


def description(process: Process, lang: Lang) -> Json:
    """The whole of a process."""
    return {
        **summary(process, lang),
        **_facts({**process.facts, **process.details}, lang),
        "inputs": {
            part.name: {**_part(part, lang), "minOccurs": int(part.required), "maxOccurs": 1} for part in process.inputs
        },
        "outputs": {part.name: _part(part, lang) for part in process.outputs},
    }


def _part(part: Part, lang: Lang) -> Json:
    found: Json = {"title": part.title.of(lang)}
    if part.about is not None:
        found["description"] = part.about.of(lang)
    return {**found, "schema": part.schema, **_facts(part.facts, lang)}


def _facts(facts: object, lang: Lang) -> Json:
    """Facts as the standard's additional parameters: each a name and a list of values."""
    plain = told(facts, lang)
    if not plain:
        return {}
    listed = [
        {"name": name, "value": value if isinstance(value, list) else [value]}
        for name, value in plain.items()
        if value is not None
    ]
    return {"additionalParameters": {"parameters": listed}}
