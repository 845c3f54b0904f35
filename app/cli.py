"""`onemap`: the root of the command line; errors are one sentence in Chinese and English, never a traceback.

Only the module of the command that is called is imported: a backup has no use for the web server's parts, which take
seconds to load.
"""

import sys
from importlib import import_module

import typer

from core.errors import FaultsError, OneMapError

COMMANDS = {
    "demo": "demo:demo",
    "serve": "serve:serve_command",
    "import": "import_:import_command",
    "export": "export:export_command",
    "erase": "erase:erase",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "enterprise": "enterprise:enterprise",
    "audit": "audit:audit",
    "account": "account:accounts",
    "jobs": "jobs:jobs",
    "file": "file:files",
    "model": "model:model",
    "golden": "model:golden",
    "scenario": "scenario:scenario",
    "chemical": "chemical:chemical",
    "alarm": "alarm:alarm",
    "device": "device:device",
    "edge": "edge:edge",
    "simulate": "simulate:simulate",
    "casework": "casework:casework",
    "message": "message:message",
    "recipient": "recipient:recipient",
    "video": "video:video",
    "incident": "incident:incident",
    "plan": "plan:plan",
    "route": "route:route_command",
}
"""Each command's module in `app.commands` and what it offers there: a function, or a group of further commands."""


def command_line(*names: str) -> typer.Typer:
    """The command line with some of its commands."""
    root = typer.Typer(
        name="onemap", no_args_is_help=True, add_completion=False, help="安全生产一张图 / One map for work safety."
    )
    root.callback()(lambda: None)
    for name in names:
        module, _, member = COMMANDS[name].partition(":")
        offered = getattr(import_module(f"app.commands.{module}"), member)
        if isinstance(offered, typer.Typer):
            root.add_typer(offered, name=name)
        else:
            root.command(name)(offered)
    return root


def main() -> None:
    """Run a command; our own errors end with status 1 and a sentence."""
    called = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        command_line(*([called] if called in COMMANDS else COMMANDS))()
    except FaultsError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        for fault in error.faults[:20]:
            place = "" if fault.row is None else f"第 {fault.row} 行 "
            print(f"  {place}{fault.field}“{fault.value}”:{fault.rule.zh} / {fault.rule.en}", file=sys.stderr)
        sys.exit(1)
    except OneMapError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        sys.exit(1)
