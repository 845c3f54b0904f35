"""The process behind `tests.commands`: it imports the product once and forks for each command.

A run of several workers has one for all, and the workers are forked from it too (`tests/forked.py`). It does not import
the tests' settings, so what it forks is as free as any process of the product.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import warnings
from collections.abc import Sequence

IMPORTED = (
    "app.site", "app.commands.demo", "app.commands.serve", "app.demo.alive", "app.demo.loader",
    "openpyxl", "rasterio.warp", "scipy.optimize", "scipy.special",
    "dash.backends._flask", "pydantic.v1", "sqlalchemy.dialects.sqlite", "pygeoapi.api.processes", "pygeoapi.openapi",
    "gis.outlines",
)  # fmt: skip
"""The last three lines are imported when they are first used; here every test that uses one would wait for it."""

FORGIVEN = ((DeprecationWarning, "pygeoapi"), (DeprecationWarning, "pygeofilter"))


class Zygote:
    """Forks when asked, and tells whoever asked of the end."""

    def __init__(self, address: str) -> None:
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listening.bind(address)
        self.listening.listen(64)
        self.children: dict[int, socket.socket] = {}
        self.ends = os.pipe()
        os.set_blocking(self.ends[1], False)
        signal.set_wakeup_fd(self.ends[1])
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def child(self) -> list[str] | None:
        """In a child the arguments it is to run with; in the zygote None, once nobody wants it any more."""
        with selectors.DefaultSelector() as waiting:
            for source in (sys.stdin, self.listening, self.ends[0]):
                waiting.register(source, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in waiting.select()}
                if self.ends[0] in ready:
                    os.read(self.ends[0], 4096)
                    self._reap()
                if sys.stdin in ready:
                    for pid in self.children:
                        os.kill(pid, signal.SIGTERM)
                    return None
                if self.listening in ready:
                    arguments = self._fork()
                    if arguments is not None:
                        return arguments

    def _fork(self) -> list[str] | None:
        talk, _ = self.listening.accept()
        _, (asked, out, err, *given), _, _ = socket.recv_fds(talk, 16, 4)
        with open(asked, "rb") as request:
            request.seek(0)
            arguments, environment = json.loads(request.read())
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            pid = os.fork()  # the threads it warns of are OpenBLAS's, which begins them anew in the child
        if pid:
            self.children[pid] = talk
            talk.send(str(pid).encode())
            for file in (out, err, *given):
                os.close(file)
            return None
        self._forget(talk)
        for file, place in ((given[0] if given else os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(file, place)
            os.close(file)
        os.environ.clear()
        os.environ.update(environment)
        return list(arguments)

    def _forget(self, talk: socket.socket) -> None:
        """Leave a child nothing of the zygote's own."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (talk, self.listening, *self.children.values()):
            one.close()
        for end in self.ends:
            os.close(end)

    def _reap(self) -> None:
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with self.children.pop(pid) as talk, contextlib.suppress(OSError):  # whoever asked may be gone
                talk.send(str(os.waitstatus_to_exitcode(status)).encode())


ALSO_A_PLUGIN = ("anyio", "dash")
"""pytest has the asserts of plugins written anew, and calls it a fault that one is imported already."""


def _begin(address: str, modules: Sequence[str]) -> None:
    with warnings.catch_warnings(action="error"):  # as in a test that imports them
        for one, of in FORGIVEN:
            warnings.filterwarnings("ignore", category=one, module=of)
        for name in modules:
            __import__(name)
    for module in (sys.modules[name] for name in ALSO_A_PLUGIN if name in sys.modules):
        module.__doc__ = f"{module.__doc__ or ''}\nPYTEST_DONT_REWRITE"
    gc.freeze()  # no child copies a page because the collector looked at it
    zygote = Zygote(address)
    print("ready", flush=True)
    arguments = zygote.child()
    if arguments is None:
        return
    sys.stdout, sys.stderr = (
        open(place, "w", buffering=1, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        for place, errors in ((1, "strict"), (2, "backslashreplace"))
    )
    if arguments[0] == "-c":  # lines of Python, as of an interpreter
        sys.argv = ["-c"]
        exec(arguments[1], {"__name__": "__main__"})
        return
    sys.argv = ["onemap", *arguments]
    from app.cli import main

    main()


if __name__ == "__main__":
    _begin(sys.argv[1], sys.argv[2:] or IMPORTED)
