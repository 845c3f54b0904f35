"""A DOCX template filled in: a sandbox without access to Python, and every missing value named at once."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from casework.documents.kinds import DocumentKind
from core.errors import Fault, FaultsError
from core.texts import Text
from core.units import Metre


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG set into the text, `width` on paper: a seal, a QR code, a map."""

    png: bytes
    width: Metre


Mark = Mapping[str, str | Picture]
"""One line of a list that a form sets in several parts, a picture among them."""

Values = Mapping[str, str | Picture | Sequence[str] | Sequence[Mark]]


def filled(kind: DocumentKind, values: Values) -> bytes:
    """The document as DOCX. Text is text: what looks like markup or a template in a value stays as written.

    Raises: FaultsError naming every value the form asks for and does not get, and a form that is not there or broken.
    """
    if not kind.has_form:
        raise FaultsError([_fault(kind.id, Text("此文书尚无模板", "there is no form of this document yet"))])
    return filled_form(kind.template.read_bytes(), values)


def filled_form(form: bytes, values: Values) -> bytes:
    """The same for a form of an administrator's own; a form that reaches for more than values is refused."""
    from docxtpl import DocxTemplate, InlineImage
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document = DocxTemplate(io.BytesIO(form))
        wanted = document.get_undeclared_template_variables(sandbox)
    except (BadZipFile, KeyError, ValueError, TemplateError) as fault:
        raise FaultsError([_fault("template", Text(f"模板有误：{fault}", f"the form is broken: {fault}"))]) from fault
    missing = [_fault(name, Text("模板需要此项", "the form asks for it")) for name in sorted(wanted - values.keys())]
    if missing:
        raise FaultsError(missing)

    def put(value: Any) -> Any:
        if isinstance(value, Picture):
            return InlineImage(document, io.BytesIO(value.png), width=_emu(value.width))
        if isinstance(value, Mapping):
            return {name: put(part) for name, part in value.items()}
        return [put(one) for one in value] if isinstance(value, list | tuple) else value

    try:
        document.render(put(values), sandbox, autoescape=True)
    except TemplateError as fault:
        raise FaultsError([_fault("template", Text(f"模板有误：{fault}", f"the form is broken: {fault}"))]) from fault
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fault(field: str, rule: Text) -> Fault:
    return Fault(field=field, value="", rule=rule)


def _emu(width: Metre) -> int:
    """Office's English metric units, 36,000 to the millimetre."""
    return round(width * 36_000_000)
