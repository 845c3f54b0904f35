"""What a process that opens a file from outside may do: read that file and its own libraries, write into one folder.

The kernel enforces it where it can: resource limits everywhere, on Linux a seccomp filter without sockets and without
starting programs, and Landlock over the file system. None of it needs privileges, and none of it can be taken back.
"""

import ctypes
import os
import platform
import resource
import socket
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.units import Second

_PDEATHSIG, _NO_NEW_PRIVS, _SECCOMP, _FILTER = 1, 38, 22, 2
_KILLED = 9
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FORBIDDEN: dict[str, dict[str, int]] = {
    "x86_64": {
        "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50,
        "socketpair": 53, "execve": 59, "kill": 62, "ptrace": 101, "mount": 165, "add_key": 248, "request_key": 249,
        "keyctl": 250, "accept4": 288, "perf_event_open": 298, "sendmmsg": 307, "process_vm_readv": 310,
        "process_vm_writev": 311, "bpf": 321, "execveat": 322, "userfaultfd": 323, "pidfd_send_signal": 424,
        "io_uring_setup": 425,
    },
    "aarch64": {
        "socket": 198, "connect": 203, "accept": 202, "sendto": 206, "sendmsg": 211, "bind": 200, "listen": 201,
        "socketpair": 199, "execve": 221, "kill": 129, "ptrace": 117, "mount": 40, "add_key": 217, "request_key": 218,
        "keyctl": 219, "accept4": 242, "perf_event_open": 241, "sendmmsg": 269, "process_vm_readv": 270,
        "process_vm_writev": 271, "bpf": 280, "execveat": 281, "userfaultfd": 282, "pidfd_send_signal": 424,
        "io_uring_setup": 425,
    },
}  # fmt: skip
_X32 = 0x40000000

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_OF_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
"""Rights that a file, not a folder, can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a reading process may take."""

    memory: int = 4 << 30
    written: int = 4 << 30
    seconds: Second = 600.0


def confine(readable: Iterable[Path], writable: Iterable[Path], limits: Limits) -> tuple[str, ...]:
    """Give up everything else, for good; the answer names what the kernel enforces."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CPU, int(limits.seconds) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    socket.socket = _NoSocket  # type: ignore[misc]
    enforced = ["limits"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PDEATHSIG, _KILLED, 0, 0, 0)
        if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            enforced += ["landlock"] * _landlock(libc, readable, writable) + ["seccomp"] * _seccomp(libc)
    return tuple(enforced)


class _NoSocket(socket.socket):
    """A plain sentence where the kernel only says "not permitted"."""

    def __init__(self, *_: object, **__: object) -> None:
        raise PermissionError("a file from outside is read without network")


def libraries() -> list[Path]:
    """Where Python and its packages live, and the files the C library wants; the checkout only by its packages."""
    import core
    import gis
    import layers

    packages = [Path(str(package.__file__)).parent for package in (core, gis, layers)]
    roots = {package.parent for package in packages}
    named = [Path(p) for p in (*sys.path, sys.prefix, sys.base_prefix) if p and Path(p) not in roots]
    system = (
        "/usr",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/mime.types",
        "/dev/null",
        "/dev/urandom",
        "/proc/self",
    )
    return [path for path in (*packages, *named, *map(Path, system)) if path.exists()]


def _seccomp(libc: ctypes.CDLL) -> bool:
    """Sockets, programs and other processes' memory answer "not permitted"."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES or struct.calcsize("P") != 8:
        return False
    load, equal, above, answer = 0x20, 0x15, 0x35, 0x06
    allow, kill, refuse = 0x7FFF0000, 0x80000000, 0x00050001
    numbers = sorted(_FORBIDDEN[machine].values())
    program = [
        (load, 0, 0, 4), (equal, 1, 0, _ARCHITECTURES[machine]), (answer, 0, 0, kill),
        (load, 0, 0, 0), (above, len(numbers) + 1, 0, _X32),
        *((equal, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (answer, 0, 0, allow), (answer, 0, 0, refuse),
    ]  # fmt: skip
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    return bool(libc.prctl(_SECCOMP, _FILTER, header, 0, 0) == 0)


def _landlock(libc: ctypes.CDLL, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Paths beyond those named cannot be opened, whatever a file refers to."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        return False
    everything = (1 << 13) - 1
    for since, right in ((2, 13), (3, 14), (5, 15)):
        everything |= (version >= since) << right
    wanted = struct.pack("QQ", everything, 3) if version >= 4 else struct.pack("Q", everything)
    rules = libc.syscall(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), ctypes.c_uint32(0))
    if rules < 0:
        return False
    try:
        for path in readable:
            _permit(libc, rules, path, _READ_FILE | (_READ_DIR if path.is_dir() else 0))
        for path in writable:
            _permit(libc, rules, path, everything if path.is_dir() else everything & _OF_FILES)
        return bool(libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(rules)


def _permit(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", rights, descriptor), ctypes.c_uint32(0))
    finally:
        os.close(descriptor)
