"""`onemap`: the root of the command line; errors are one sentence in Chinese and English, never a traceback."""

import sys

import typer

from app.commands import account, audit, backup, demo, enterprise, erase, import_, serve
from core.errors import FaultsError, OneMapError

root = typer.Typer(
    name="onemap", no_args_is_help=True, add_completion=False, help="安全生产一张图 / One map for work safety."
)
root.command("demo")(demo.demo)
root.command("serve")(serve.serve_command)
root.command("import")(import_.import_command)
root.command("erase")(erase.erase)
root.command("backup")(backup.backup)
root.command("restore")(backup.restore)
root.add_typer(enterprise.enterprise, name="enterprise")
root.add_typer(audit.audit, name="audit")
root.add_typer(account.accounts, name="account")


def main() -> None:
    """Run a command; our own errors end with status 1 and a sentence."""
    try:
        root()
    except FaultsError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        for fault in error.faults[:20]:
            place = "" if fault.row is None else f"第 {fault.row} 行 "
            print(f"  {place}{fault.field}“{fault.value}”:{fault.rule.zh} / {fault.rule.en}", file=sys.stderr)
        sys.exit(1)
    except OneMapError as error:
        print(f"错误 / Error: {error}", file=sys.stderr)
        sys.exit(1)
