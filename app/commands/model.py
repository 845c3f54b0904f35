"""`onemap model …` and `onemap golden DIR`: the models, their cards, one computed, all held against cases."""

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from core.errors import BadInputError, NotFoundError
from core.texts import Lang, Text
from emergency import models
from emergency.chemicals import substance
from emergency.evidence import Tier
from emergency.golden import Outcome, Result, read_cases
from emergency.golden import run_all as golden_results
from emergency.model import MODELS, Input, Model

model = typer.Typer(no_args_is_help=True, help="模型 / the models of consequences")


@model.command("list")
def list_models() -> None:
    """列出全部模型 / List every model with its evidence."""
    for name, one in MODELS.items():
        print(f"{name:36} {one.card.title.zh} / {one.card.title.en}\n{'':36} {one.card.tier.title.zh}")


@model.command("show")
def show(name: str) -> None:
    """显示模型卡:公式来源、输入、适用范围、证据 / Show a model's card."""
    card = _model(name).card
    print(f"{card.id}  {card.title.zh} / {card.title.en}  v{card.version}\n")
    print(f"{card.how.zh}\n{card.how.en}\n\n公式 / formula")
    for line in card.formula.lines:
        print(f"  {line}")
    print("其中 / where")
    for symbol in card.formula.symbols:
        print(f"  {symbol.letter:6} {symbol.said(Lang.ZH)} / {symbol.title.en}")
    print(f"\n来源 / source: {card.source}")
    print(f"证据 / evidence: {card.tier.title.zh} / {card.tier.title.en} ({', '.join(card.cases) or '无 / none'})")
    print("\n输入 / inputs")
    for one in card.inputs:
        bounds = card.valid.get(one.name)
        valid = f"  适用 / valid {bounds[0]:g}–{bounds[1]:g} {one.unit}" if bounds else ""
        choices = f"  {'|'.join(one.choices)}" if one.choices else ""
        print(
            f"  {one.name:24} {one.title.zh} [{one.unit}]{'' if one.required else ' 可省 / optional'}{choices}{valid}"
        )
    for neglected in card.neglects:
        print(f"未计 / neglects: {neglected.zh} / {neglected.en}")


@model.command("run")
def run(name: str, values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...")]) -> None:
    """计算一次,输出 JSON:结果与适用性 / Compute once: NAME=VALUE in SI, arrays as 1,2,3."""
    chosen = _model(name)
    given = _values(chosen, values)
    answer = chosen(**given)
    checks = [dataclasses.asdict(one) | {"title": one.title.zh} for one in chosen.checks(**given)]
    print(json.dumps({"model": name, "answer": _plain(answer), "validity": checks}, ensure_ascii=False, indent=2))


def golden(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="算例文件夹 / folder of cases")],
    every: Annotated[bool, typer.Option("--all", help="列出每个算例 / also the cases that pass")] = False,
) -> None:
    """用算例检验模型,按证据等级统计 / Hold the models against the golden cases of a folder."""
    results = list(golden_results(read_cases(folder)))
    for one in results:
        if every or one.outcome is not Outcome.PASSED:
            print(_line(one))
    for tier in Tier:
        counts = Counter(one.outcome for one in results if one.case.tier is tier)
        if total := counts.total():
            spelt = f"{counts[Outcome.PASSED]}/{total}"
            print(f"{tier.title.zh} / {tier.title.en}: {spelt}", end="")
            print(f" (未知 / unknown {counts[Outcome.UNKNOWN]})" if counts[Outcome.UNKNOWN] else "")
    if any(one.outcome is not Outcome.PASSED for one in results):
        raise typer.Exit(1)


def _line(one: Result) -> str:
    off = [v for v in one.values if not v.holds]
    why = one.error or "; ".join(f"{v.key}: {v.predicted} ≠ {v.expected}" for v in off[:3])
    return f"{one.outcome:8} {one.case.id}  [{one.case.model}]  {why}"


def _model(name: str) -> Model[..., Any]:
    assert models.__all__  # declared by import
    if name not in MODELS:
        raise NotFoundError(Text(f"没有模型 {name},见 onemap model list", f"no model {name}, see onemap model list"))
    return MODELS[name]


def _values(chosen: Model[..., Any], values: list[str]) -> dict[str, Any]:
    inputs = {one.name: one for one in chosen.card.inputs}
    given: dict[str, Any] = {}
    for said in values:
        name, _, value = said.partition("=")
        if name not in inputs:
            raise BadInputError(
                Text(
                    f"没有参数 {name},可用 {', '.join(inputs)}", f"no parameter {name}, there are {', '.join(inputs)}"
                ),
                field=name,
            )
        given[name] = _value(inputs[name], value)
    missing = [one.name for one in inputs.values() if one.required and one.name not in given]
    if missing:
        raise BadInputError(Text(f"缺少参数 {', '.join(missing)}", f"missing {', '.join(missing)}"), field=missing[0])
    return given


def _value(one: Input, said: str) -> Any:
    if one.name == "substance":
        return substance(said)
    if one.unit:
        try:
            numbers = [float(part) for part in said.split(",")]
        except ValueError:
            raise BadInputError(
                Text(f"{one.title.zh}({one.name})“{said}”不是数", f"{one.name}={said!r} is no number"), field=one.name
            ) from None
        return numbers[0] if len(numbers) == 1 else np.array(numbers)
    if one.choices and said not in one.choices:
        allowed = ", ".join(one.choices)
        raise BadInputError(
            Text(f"{one.name}“{said}”不在 {allowed} 中", f"{one.name}={said!r}, allowed {allowed}"), field=one.name
        )
    return next((choice for choice in one.choices if choice == said), said)


def _plain(answer: Any) -> Any:
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return {name.name: _plain(getattr(answer, name.name)) for name in dataclasses.fields(answer)}
    if isinstance(answer, np.ndarray):
        return answer.tolist()
    return answer.item() if isinstance(answer, np.generic) else answer
