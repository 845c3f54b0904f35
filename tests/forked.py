"""Stands for the interpreter that a worker of a run is started with: the worker is forked from the run's zygote.

It imports next to nothing, hands over its own input and output, and ends as the worker does.
"""

import json
import os
import socket
import sys
import tempfile

ZYGOTE = "ONEMAP_TEST_ZYGOTE"
"""Names, for the processes of a run, where its zygote listens."""


def main() -> int:
    """Have the lines of Python run that an interpreter would be given: `-u -c LINES`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as talk, tempfile.TemporaryFile() as asked:
        talk.connect(os.environ[ZYGOTE])
        asked.write(json.dumps([["-c", sys.argv[-1]], dict(os.environ)]).encode())
        asked.flush()
        socket.send_fds(talk, [b"run"], [asked.fileno(), 1, 2, 0])
        talk.recv(64)
        status = int(talk.recv(64) or b"1")
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
