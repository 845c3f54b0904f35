"""Hostile inputs over HTTP: `python -m benchmarks.hostile [--only WORD] [--rounds N] [--postgis] [--all]`.

Each is asked alone, of a demo server of its own. What is refused must be refused in words; nothing may be a 5xx or take
the server more than a second, and an ordinary question must be answered after each. Memory is told after each round.
Time is that of the server's processors: a busy machine judges like a quiet one.
"""

import argparse
import contextlib
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx

from benchmarks.hostile_inputs import MAP, Sent, every
from benchmarks.soak import children, memory
from tests.postgres import DURABLE, cluster
from tests.server import PASSWORDS, demo_server

WARM = (f"/ogc/wms?{urlencode(MAP)}",) * 4
LONGEST = 1.0
ALIKE = (
    "SQL in CQL",
    "picture of",
    "piece of",
    "bbox",
    "time",
    "number",
    "coords",
    "shape",
    "key",
    "layer",
    "typename",
)
"""What the table tells in one line, whatever the value."""

PROBE = "/ogc/api/collections/enterprises/items?limit=1&f=json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How one was answered."""

    sent: Sent
    status: int
    seconds: float
    worked: float
    """Processor seconds of the server: what it takes on a machine with nothing else to do."""
    words: str
    wrong: str


def words_of(answer: httpx.Response) -> str:
    """What the answer says is wrong, whatever form it is written in; nothing where it says nothing."""
    if "json" in answer.headers.get("content-type", ""):
        told = answer.json()
        return str(told.get("title", "")) if isinstance(told, dict) and answer.status_code >= 400 else ""
    found = re.search(r"<(?:ows:ExceptionText|ServiceException)(?: [^>]*)?>([^<]*)<", answer.text[:5000])
    return found[1].strip() if found else ""


def processor() -> float:
    """Processor seconds of every process below this one."""
    total = 0
    for pid in children(os.getpid())[1:]:
        with contextlib.suppress(OSError):
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(parts[11]) + int(parts[12])
    return total / os.sysconf("SC_CLK_TCK")


def met(client: httpx.Client, sent: Sent) -> Met:
    """One request and what is wrong with its answer."""
    headers = {"content-type": sent.media} if sent.media else {}
    started, before = time.perf_counter(), processor()
    try:
        answer = client.request(sent.verb, sent.path, content=sent.body, headers=headers)
    except httpx.TransportError as error:
        seconds = time.perf_counter() - started
        return Met(sent=sent, status=0, seconds=seconds, worked=0.0, words="", wrong=f"no answer: {error!r}")
    seconds, worked = time.perf_counter() - started, processor() - before
    words = words_of(answer)
    picture = answer.headers.get("content-type", "").startswith("image/") and "in-image" in sent.door
    wrong = []
    if answer.status_code >= 500:
        wrong.append("a fault of ours")
    if worked > LONGEST:
        wrong.append("too slow")
    if not sent.answered and not words and not picture:
        wrong.append("not refused in words")
    if not healthy(client):
        wrong.append("the server is ill")
    return Met(
        sent=sent, status=answer.status_code, seconds=seconds, worked=worked, words=words, wrong=", ".join(wrong)
    )


def healthy(client: httpx.Client) -> bool:
    """An ordinary question is answered; a connection that was closed after a fault is opened again first."""
    with contextlib.suppress(httpx.TransportError):
        return client.get(PROBE).status_code == 200
    return client.get(PROBE).status_code == 200


def _kind(one: Met) -> str:
    return next((word for word in ALIKE if one.sent.name.startswith(word + " ")), one.sent.name)


def table(found: list[Met]) -> None:
    """By input: how many doors it was sent to, what they answered, what the dearest took."""
    print("| input | doors | answered | processor s | s |\n|---|---|---|---|---|")
    for name in dict.fromkeys(_kind(one) for one in found):
        those = [one for one in found if _kind(one) == name]
        statuses = ", ".join(sorted({str(one.status) for one in those}))
        doors = len({one.sent.door for one in those})
        worked, seconds = (max(getattr(one, what) for one in those) for what in ("worked", "seconds"))
        print(f"| {name} | {doors} | {statuses} | {worked:.2f} | {seconds:.2f} |")


def main() -> int:
    """Ask everything; the number that was answered wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="inputs or doors that hold this word")
    parser.add_argument("--rounds", type=int, default=2, help="memory may settle in the first and not grow after it")
    parser.add_argument("--postgis", action="store_true", help="over a PostgreSQL of its own")
    parser.add_argument("--all", action="store_true", help="print each, not only those answered wrongly")
    given = parser.parse_args()
    wanted = [sent for sent in every() if given.only in f"{sent.name} {sent.door}"]
    found: list[Met] = []
    with (
        cluster(DURABLE) if given.postgis else contextlib.nullcontext() as database,
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder), database) as server,
        httpx.Client(base_url=server, auth=("city", PASSWORDS["city"]), timeout=120) as client,
    ):
        for address in (PROBE, *WARM):  # the first picture waits for a process that draws
            client.get(address).raise_for_status()
        held = [memory()]
        for _ in range(given.rounds):
            for sent in wanted:
                one = met(client, sent)
                found.append(one)
                if given.all or one.wrong:
                    said = f"{sent.name} | {sent.door} | {one.words[:90]} {one.wrong}"
                    print(f"{one.seconds:6.2f} s {one.worked:5.2f} s  {one.status}  {said}", flush=True)
            held.append(memory())
    table(found)
    wrong = sum(bool(one.wrong) for one in found)
    dearest = max(found, key=lambda one: one.worked)
    memories = ", ".join(f"{one:.0f}" for one in held)
    print(f"{len(found)} requests, {wrong} wrong, dearest {dearest.worked:.2f} s ({dearest.sent.name}), MB {memories}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
