"""`/api/cases/draft`: what somebody has typed into a form of a case and not filed yet, kept with the account.

A draft is met by its writer alone, on every device of theirs; it ends with the step it was of, or when nobody has
touched it for as long as the rules say. What it holds was never checked: the step checks it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.doors.admin.fields import Given, only, words
from app.doors.case_lists import Lists, role_of
from casework.casetype import CaseType, Step
from casework.desk import Desk
from casework.drafting import draft_rules
from core.caller import Caller
from core.clock import Clock, iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.texts import Text
from layers.filters import In
from layers.layer import Layer
from store.identity.drafts import Draft, Drafts
from store.query import Query

OF = "case:"
"""How drafts of cases are called among an account's drafts: `case:SYSTEM:CODE:STEP`, to open one the code blank, or
`~` and the row that the case is about (a licence to renew)."""
ABOUT = "~"
LONGEST_CODE = 20
LONGEST_ABOUT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDrafts:
    """The drafts of one caller's forms of cases."""

    desk: Desk
    lists: Lists
    drafts: Drafts
    clock: Clock

    def mine(self, caller: Caller, given: Given) -> Given:
        """GET /drafts: those of the caller, the latest first, with the case each is of as it stands now."""
        only(given)
        kept = self.drafts.all(caller.account, since=self._since()) if caller.account else []
        found = [one for one in kept if one.of.startswith(OF)]
        told = []
        titles: dict[str, dict[str, str]] = {}
        for one in found:
            system, code, step = one.of.removeprefix(OF).split(":")
            of = next((each for each in self.lists.systems if each.id == system), None)
            layer = None if of is None else self.desk.store.catalogue.find(of.register.id, caller.scope)
            if of is None or layer is None:
                continue
            if system not in titles:
                titles[system] = self._titles(layer, caller, found, system)
            begins = not code or code.startswith(ABOUT)
            name = _typed(one) if begins else titles[system].get(code, "")
            told.append(
                {
                    "system": system, "system_title": of.title.of(caller.lang), "step": step,
                    "code": "" if begins else code, "about": code.removeprefix(ABOUT) if begins else "",
                    "step_title": self._step_title(of, "" if begins else code, step, caller), "name": name,
                    "at": iso(one.at), "open": begins or code in titles[system],
                }
            )  # fmt: skip
        return {"drafts": told, "days": draft_rules().kept.days}

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /draft?system=&code=&step=: what was typed, with the mark that the next writing shows; or none."""
        only(given, "system", "code", "step", "about")
        _, name = self._of(caller, given)
        found = self.drafts.find(caller.account, name, since=self._since()) if caller.account else None
        return {"draft": None if found is None else _told(found)}

    def keep(self, caller: Caller, given: Given) -> Given:
        """POST /draft: keep what is typed, faults and all; without values it is dropped.

        Another window of the same person that has written since is not overwritten: it is said when.
        """
        only(given, "system", "code", "step", "about", "values", "reason", "seen")
        account = _account(caller, self.lists.of(caller, given)[0])
        step, name = self._of(caller, given)
        if given.get("values") is None:
            self.drafts.drop(account, name)
            return {"draft": None}
        values, reason = given["values"], given.get("reason") or ""
        rules = draft_rules()
        typed = isinstance(values, dict) and set(values) <= set(step.asks) and isinstance(reason, str)
        body = orjson.dumps({"values": values, "reason": reason})
        if not typed or len(body) > rules.largest:
            most = rules.largest // 1000
            raise BadInputError(
                Text(f"草稿应为本步骤的填写内容,至多 {most} kB", f"what this step asks, {most} kB at most"),
                field="values",
            )
        kept = self.drafts.keep(
            account, name, body.decode(), seen=words(given, "seen", longest=60, empty=True), at=self.clock(),
            since=self._since(), most=rules.most,
        )  # fmt: skip
        return {"draft": _told(kept)}

    def opened(self, caller: Caller, of: CaseType, step: str, about: object) -> None:
        """A case was filed: its draft has done its work; one of another case to be opened stays."""
        if not (about and self.drafts.drop(caller.account, f"{OF}{of.id}:{ABOUT}{str(about).replace(':', '')}:{step}")):
            self.drafts.drop(caller.account, f"{OF}{of.id}::{step}")

    def taken(self, caller: Caller, of: CaseType, code: str, step: str) -> None:
        """The step was filed."""
        self.drafts.drop(caller.account, f"{OF}{of.id}:{code}:{step}")

    def _of(self, caller: Caller, given: Given) -> tuple[Step, str]:
        """The step that a draft is of and the draft's name; a case the caller may not know of has none."""
        of, _ = self.lists.of(caller, given)
        code = words(given, "code", longest=LONGEST_CODE, empty=True)
        if not code:
            step = self.desk.current(of).opening
            about = words(given, "about", longest=LONGEST_ABOUT, empty=True).replace(":", "")
            return step, f"{OF}{of.id}:{ABOUT + about if about else ''}:{step.name}"
        procedure = self.desk.find(of, code, scope=caller.scope).procedure
        name = words(given, "step", longest=40)
        found = procedure.step(name)
        if found is None or found.opens:
            raise BadInputError(
                Text(f"“{name}”不是此流程的步骤", f"{name!r} is no step of this procedure"), field="step"
            )
        return found, f"{OF}{of.id}:{code}:{name}"

    def _titles(self, layer: Layer, caller: Caller, drafts: Sequence[Draft], system: str) -> dict[str, str]:
        """What the cases are called that the drafts of a system are of, as far as the caller may know of them."""
        codes = {one.of.split(":")[2] for one in drafts if one.of.startswith(f"{OF}{system}:")} - {""}
        codes = {code for code in codes if not code.startswith(ABOUT)}
        if not codes:
            return {}
        query = Query(where=In(layer.key, tuple(sorted(codes))), fields=(layer.key, "title"), geometry=False)
        rows = self.desk.store.read(layer, query, scope=caller.scope)
        return dict(zip(rows[layer.key].to_pylist(), rows["title"].to_pylist(), strict=True))

    def _step_title(self, of: CaseType, code: str, name: str, caller: Caller) -> str:
        try:
            procedure = self.desk.find(of, code, scope=caller.scope).procedure if code else self.desk.current(of)
        except NotFoundError:
            procedure = self.desk.current(of)
        step = procedure.step(name)
        return name if step is None else step.title.of(caller.lang)

    def _since(self) -> Any:
        return self.clock() - draft_rules().kept


def _account(caller: Caller, of: CaseType) -> str:
    if not caller.account or role_of(caller, of) is None:
        raise ForbiddenError(
            Text("草稿归办理案件的个人账号", "drafts are of people who act in cases, by accounts of their own")
        )
    return caller.account


def _told(draft: Draft) -> Given:
    return {"mark": draft.mark, "at": iso(draft.at), **orjson.loads(draft.body)}


def _typed(draft: Draft) -> str:
    """What a new case would be called so far."""
    title = orjson.loads(draft.body)["values"].get("title")
    return title[:120] if isinstance(title, str) else ""
