"""What a person says of an event on video: true, false, or a matter for an on-site check."""

from datetime import date

from app.systems import system
from casework.desk import Desk
from casework.engine import Taken
from casework.following import Signed
from core.actors import Actor
from core.clock import Clock
from core.errors import BadInputError, ConflictError
from core.scope import Scope
from core.texts import Text
from layers.catalogue import VIOLATIONS
from layers.catalogue.casework import CaseRow
from layers.catalogue.violations import Violation
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store, Stored

PENDING, CONFIRMED, REJECTED = "pending", "confirmed", "rejected"
CHECK = "site-check"
OTHER = "other"
"""The reason that says nothing by itself."""


class Judgement:
    """The acts of who looks at the pictures; each is a version of the event with the name of who did it."""

    def __init__(self, store: Store, cabinet: Cabinet, clock: Clock) -> None:
        self._store, self._cabinet, self._clock = store, cabinet, clock

    def judge(
        self, code: str, version: int, verdict: str, *, remark: str, quiet: bool, actor: Actor, scope: Scope,
        reason: str = "",
    ) -> Stored:  # fmt: skip
        """True, false for a reason, or open again; `quiet` asks that what is false is not told again at its place.

        Raises: ConflictError where a case was opened for it, or somebody was first; BadInputError where what is false
        has no reason, only what is false may be quiet, or it has no place in the picture; ForbiddenError where the
        caller may not write.
        """
        record = self._current(code, version, scope)
        if record.case_code:
            raise ConflictError(
                Text(f"已转现场检查 {record.case_code},不能再改结论", f"handed over as {record.case_code} already")
            )
        if quiet and (verdict != REJECTED or not record.boxes):
            raise BadInputError(
                Text("只有在画面中有位置的误报才能设为不再报", "only what is false and has a place is not told again"),
                field="quiet", value=quiet,
            )  # fmt: skip
        if (verdict == REJECTED) != bool(reason) or (reason == OTHER and not remark.strip()):
            raise BadInputError(
                Text("误报须选一项原因,选“其他”的须写明", "what is false needs a reason; another one is said in words"),
                field="reason", value=reason,
            )  # fmt: skip
        judged = verdict != PENDING
        values = {
            "verdict": verdict, "reason": reason, "remark": remark, "quiet": quiet,
            "judged_by": actor.name if judged else "", "judged_at": self._clock() if judged else None,
        }  # fmt: skip
        edit = Put(layer=VIOLATIONS.id, record=record.model_copy(update=values), expected=version)
        why = {PENDING: "撤回确认结论", CONFIRMED: "确认属实", REJECTED: "确认为误报"}[verdict]
        self._store.commit([edit], actor=actor, reason=why, scope=scope)
        return self._store.get(VIOLATIONS, code, scope=scope)

    def hand_over(self, desk: Desk, code: str, version: int, *, remark: str, check_by: date, by: Signed) -> Taken:
        """An on-site check of the enterprise opened in the transaction that calls the event true, with its evidence.

        Raises: ConflictError where it was handed over or judged by another meanwhile; BadInputError where the camera is
        nobody's; what the procedure refuses.
        """
        record = self._current(code, version, by.scope)
        if record.case_code:
            raise ConflictError(Text(f"已转现场检查 {record.case_code}", f"handed over as {record.case_code} already"))
        if not record.enterprise:
            raise BadInputError(
                Text("该视频点不属于企业,不能转现场检查", "the camera belongs to no enterprise: nothing to check"),
                field="code", value=code,
            )  # fmt: skip
        values = {
            "title": f"视频事件核查:{record.title}"[:120], "enterprise": record.enterprise, "kind": "special",
            "check_by": check_by.isoformat(), "scope": f"核查视频事件 {code}:{record.why}。{remark}"[:400],
        }  # fmt: skip

        evidence = self._cabinet.of(VIOLATIONS, code, scope=by.scope)
        of = system(CHECK)

        def marked(case: CaseRow) -> list[Put]:
            told = {
                "verdict": CONFIRMED, "reason": "", "remark": remark, "quiet": False, "judged_by": by.actor.name,
                "judged_at": self._clock(), "case_code": case.code,
            }  # fmt: skip
            note = f"视频事件 {code} 的证据"
            return [
                Put(layer=VIOLATIONS.id, record=record.model_copy(update=told), expected=version),
                *self._cabinet.taken_along(evidence, of.register, case, actor=by.actor, note=note),
            ]

        return desk.open(of, values, by=by, reason=f"视频事件 {code}", beside=marked)

    def _current(self, code: str, version: int, scope: Scope) -> Violation:
        stored = self._store.get(VIOLATIONS, code, scope=scope)
        assert isinstance(stored.record, Violation)
        if stored.version != version:
            raise ConflictError(
                Text("他人刚刚处理了该事件,请重新查看", "somebody judged it meanwhile; look again"),
                version=stored.version,
            )
        return stored.record
