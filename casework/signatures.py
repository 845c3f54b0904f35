"""Signatures on a record by others than whoever takes the step: who, as what, how, when; refused ones say why.

Strokes are whole numbers in a frame of 1000 by 360, as the page of cases draws them. What the law asks: Work Safety Law
(安全生产法, 2021) article 68, Law on Administrative Penalties (行政处罚法, 2021) articles 55 and 64.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.documents.filling import Mark, Picture
from casework.documents.wording import moment
from core.clock import from_iso, iso
from core.texts import Text
from layers.codes import code_list

WIDE, HIGH = 1000, 360
LEAST_POINTS = 12
"""A signature has more points than a slip of the finger."""
INK, FRAME = 8, 0.034
"""Width of a line in the frame, and of the frame on paper in metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's: `role` and `outcome` are codes (`signer_role`, `check_signature`)."""

    role: str
    name: str
    outcome: str
    at: datetime
    note: str = ""
    witness: str = ""
    drawn: str = ""

    def __str__(self) -> str:
        said = (self.name, self.note, self.witness)
        name, note, witness = (one.replace("|", "｜").replace("\n", " ").strip() for one in said)
        return "|".join((self.role, name, self.outcome, iso(self.at), note, witness, self.drawn))


def strokes(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """A signature as drawn, stroke by stroke; nothing where it cannot be read.

    >>> strokes("1,2 3,4;5,6")
    (((1, 2), (3, 4)), ((5, 6),))
    """
    try:
        return tuple(
            tuple((int(x), int(y)) for x, y in (point.split(",") for point in stroke.split()))
            for stroke in text.split(";")
            if stroke.strip()
        )
    except ValueError:
        return ()


def is_drawn(text: str) -> bool:
    """Whether it is more than a slip of the finger."""
    return sum(map(len, strokes(text))) >= LEAST_POINTS


def signatures(texts: Sequence[str]) -> tuple[Signature, ...]:
    """Those that texts hold, in order; a text that holds none is left out."""
    return tuple(found for one in texts if (found := _signature(one)) is not None)


def picture(text: str) -> Picture | None:
    """A drawn signature to be set into a document."""
    from PIL import Image, ImageDraw

    if not is_drawn(text):
        return None
    image = Image.new("RGB", (WIDE, HIGH), "white")
    pen = ImageDraw.Draw(image)
    for stroke in strokes(text):
        pen.line(stroke if len(stroke) > 1 else (*stroke, *stroke), fill="black", width=INK, joint="curve")
    points = [point for stroke in strokes(text) for point in stroke]
    left, right = min(x for x, _ in points) - 2 * INK, max(x for x, _ in points) + 2 * INK
    out = io.BytesIO()
    image.crop((max(0, left), 0, min(WIDE, right), HIGH)).save(out, "PNG")
    return Picture(out.getvalue(), FRAME * (min(WIDE, right) - max(0, left)) / WIDE)


def marks(texts: Sequence[str], party: str) -> tuple[Mark, ...]:
    """Each signature as a form sets it; `party` is what the paper calls the party.

    Its parts: role, name, what stands for the signature, when, and why there is none.
    """
    roles = {one.code: one.title.zh for one in code_list("signer_role")} | {"party": party}
    outcomes = {one.code: one.title for one in code_list("check_signature")}
    found: list[Mark] = []
    for one in signatures(texts):
        signed = one.outcome == "signed"
        mark = picture(one.drawn) or (f"{one.name}（签字页见附件）" if signed else outcomes[one.outcome].zh)
        witness = f"，见证人：{one.witness}" if one.witness else ""
        note = f"{one.name}：{one.note}{witness}" if not signed else ""
        found.append({"role": roles[one.role], "name": one.name, "mark": mark, "at": moment(one.at), "note": note})
    return tuple(found)


def why_not_signed(outcome: str, drawn: str, note: str, witness: str, files: int) -> Text | None:
    """What a signature lacks: strokes or a page signed on paper; where there is none the reason and who saw it."""
    if outcome == "signed":
        if is_drawn(drawn) or files:
            return None
        return Text("须在屏幕上签名,或附签字页照片", "sign on the screen, or attach the page signed")
    if len(note.strip()) > 1 and (witness.strip() or files):
        return None
    return Text(
        "未签字的须写明理由,并有见证人或者附现场影像",
        "say why it is not signed, with a witness or a recording attached",
    )


def _signature(text: str) -> Signature | None:
    parts = text.split("|")
    if len(parts) != 7:
        return None
    role, name, outcome, at, note, witness, drawn = parts
    try:
        when = from_iso(at)
    except ValueError:
        return None
    known = {one.code for one in code_list("signer_role")}, {one.code for one in code_list("check_signature")}
    if role not in known[0] or outcome not in known[1]:
        return None
    return Signature(role=role, name=name, outcome=outcome, at=when, note=note, witness=witness, drawn=drawn)
