"""Procedures as data: a declaration written to JSON and read back, its functions by name. Running cases keep theirs.

Functions come from the code that runs now: a version that names one which is gone is refused, with all such names.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson

from casework.casetype import CaseType, Clock, Deadline, Document, Effect, Guard, OwnState, Role, Step, Turn
from casework.reminders import Rung, Tier
from core.canonical import canonical_json, sha256
from core.errors import Fault, FaultsError
from core.texts import Text

Data = dict[str, Any]
Function = Callable[..., Any]


def functions_of(types: Iterable[CaseType]) -> dict[str, Function]:
    """The guards and effects that declarations name; two of one name are an error."""
    found: dict[str, Function] = {}
    for of in types:
        called: list[Function] = [one for step in of.steps for one in step.functions]
        called += [one.when for one in of.documents if one.when is not None]
        named: list[tuple[str, Function]] = [(name_of(one), one) for one in (of.turn, *called)]
        named += [(fill(of.id, name_of(one)), one) for paper in of.documents for one in paper.fills]
        for name, one in named:
            if found.setdefault(name, one) is not one:
                raise ValueError(f"two functions are called {name}")
    return found


def name_of(function: Function) -> str:
    """The name a declaration knows a function by."""
    return str(getattr(function, "__name__", ""))


def fill(system: str, name: str) -> str:
    """What a document says is the system's own matter: another may use the name for something else."""
    return f"{system}/{name}"


def names_called(data: Data) -> list[str]:
    """Every function that a version as data names, as `functions_of` knows it."""
    called = [name for step in data["steps"] for name in (*step["guards"], step["sets"], step.get("deadline")) if name]
    papers: list[Data] = [one for one in data["documents"] if "fills" in one]
    called += [fill(data["id"], name) for one in papers for name in one["fills"]]
    return [data["turn"], *called, *(one["when"] for one in papers if one["when"])]


def as_data(of: CaseType) -> Data:
    """Everything of a declaration but its version; layers and functions by name."""
    return {
        "id": of.id, "title": _pair(of.title), "about": _pair(of.about), "register": of.register.id,
        "states": list(of.state_codes), "start": str(of.start), "final": [str(one) for one in of.final],
        "numbering": of.numbering, "law": _pair(of.law), "turn": name_of(of.turn),
        "documents": [_paper(one) for one in of.documents],
        "reminders": [{"days": one.days, "tier": one.tier.value} for one in of.reminders],
        "steps": [_step(one) for one in of.steps], **({"own": [_own(one) for one in of.own]} if of.own else {}),
        **({"standing": [str(one) for one in of.standing]} if of.standing else {}),
    }  # fmt: skip


def _own(one: OwnState) -> Data:
    return {"code": one.code, "title": _pair(one.title), "turn": one.turn.value}


def own_titles(text: str) -> dict[str, Text]:
    """What the states are called that a kept version added."""
    return {one["code"]: _text(one["title"]) for one in orjson.loads(text).get("own", ())}


def body(of: CaseType) -> str:
    """The declaration as canonical JSON."""
    return canonical_json(as_data(of)).decode()


def digest(of: CaseType) -> str:
    """A hash by which two versions are told apart."""
    return sha256(body(of).encode())


def from_body(text: str, version: int, now: CaseType, functions: Mapping[str, Function]) -> CaseType:
    """A published version; register, public layer and its copy are those of the present declaration."""
    data: Data = orjson.loads(text)
    gone = sorted(name for name in names_called(data) if name not in functions)
    turn: Turn | None = functions.get(data["turn"])
    if data["id"] != now.id or data["register"] != now.register.id or gone or turn is None:
        rule = Text("程序中已没有此函数", "is a function the program no longer has")
        faults = [Fault(field="guards", value=name, rule=rule) for name in gone]
        if not faults:
            raise FaultsError(
                [Fault(field="id", value=data["id"], rule=Text("不是本业务的流程", "is of another system"))]
            )
        names = "、".join(gone)
        said = Text(
            f"“{now.title.zh}”流程第 {version} 版引用的规则 {names} 程序中已没有,请系统管理员在流程设计中改正后发布",
            f"version {version} of {now.id} names {names}, which the program no longer has: publish a mended one",
        )
        raise FaultsError(faults, said)
    documents = tuple(_documents(data, now, functions))
    return CaseType(
        id=now.id, title=_text(data["title"]), about=_text(data["about"]), register=now.register,
        states=tuple(data["states"]), start=data["start"], final=tuple(data["final"]), numbering=data["numbering"],
        law=_text(data["law"]), turn=turn, version=version, public=now.public, public_copy=now.public_copy,
        copied=now.copied, choices=now.choices, named=now.named, sums=now.sums,
        documents=documents,
        reminders=tuple(Rung(one["days"], Tier(one["tier"])) for one in data["reminders"]),
        steps=tuple(_declared(one, functions, {paper.id for paper in documents}) for one in data["steps"]),
        standing=tuple(data.get("standing", ())),
        own=tuple(OwnState(code=o["code"], title=_text(o["title"]), turn=Role(o["turn"])) for o in data.get("own", ())),
    )  # fmt: skip


def _documents(data: Data, now: CaseType, functions: Mapping[str, Function]) -> Iterator[Document]:
    """The papers of a version. One of before documents were made named no form: the present paper of its id is it."""
    for one in data["documents"]:
        if "fills" in one:
            yield Document(
                id=one["id"], title=_text(one["title"]), form=one["form"],
                fills=tuple(functions[fill(now.id, name)] for name in one["fills"]),
                when=functions[one["when"]] if one["when"] else None, proof=one.get("proof", ""),
                ends=tuple(one.get("ends", ())),
                into=tuple((theirs, ours) for theirs, ours in one.get("into", ())),
            )  # fmt: skip
        else:
            yield from (paper for paper in now.documents if paper.id == one["id"])


def _paper(of: Document) -> Data:
    return {
        "id": of.id, "title": _pair(of.title), "form": of.form, "fills": [name_of(one) for one in of.fills],
        "when": None if of.when is None else name_of(of.when), **({"proof": of.proof} if of.proof else {}),
        **({"into": [list(pair) for pair in of.into]} if of.into else {}),
        **({"ends": list(of.ends)} if of.ends else {}),
    }  # fmt: skip


def _step(of: Step) -> Data:
    return {
        "name": of.name, "title": _pair(of.title), "source": [str(one) for one in of.source],
        "target": None if of.target is None else str(of.target), "by": [one.value for one in of.by],
        "asks": list(of.asks), "needs": list(of.needs), "guards": [name_of(one) for one in of.guards],
        "sets": None if of.sets is None else name_of(of.sets), "limit": of.limit, "until": of.until,
        "clock": of.clock.value, "reason": of.reason, "files": of.files, "documents": list(of.documents),
        "law": None if of.law is None else _pair(of.law), "opens": of.opens,
        **({} if of.deadline is None else {"deadline": name_of(of.deadline)}),
        **({"afterwards": True} if of.afterwards else {}),
    }  # fmt: skip


def _declared(data: Data, functions: Mapping[str, Function], papers: Collection[str]) -> Step:
    guards: list[Guard] = [functions[name] for name in data["guards"]]
    sets: Effect | None = functions[data["sets"]] if data["sets"] else None
    deadline: Deadline | None = functions[data["deadline"]] if data.get("deadline") else None
    return Step(
        name=data["name"], title=_text(data["title"]), source=tuple(data["source"]), target=data["target"],
        by=tuple(Role(one) for one in data["by"]), asks=tuple(data["asks"]), needs=tuple(data["needs"]),
        guards=tuple(guards), sets=sets, limit=data["limit"], until=data["until"], deadline=deadline,
        clock=Clock(data["clock"]), reason=data["reason"], files=data["files"],
        documents=tuple(name for name in data["documents"] if name in papers),
        law=None if data["law"] is None else _text(data["law"]), opens=data["opens"],
        afterwards=data.get("afterwards", False),
    )  # fmt: skip


def _pair(text: Text) -> list[str]:
    return [text.zh, text.en]


def _text(pair: list[str]) -> Text:
    return Text(pair[0], pair[1])
