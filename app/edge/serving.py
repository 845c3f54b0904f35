"""The doors of a site's forwarder, over its buffer: HTTP always, HJ 212, MQTT and dropped files where set."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.doors.bodies import body_of, json_answer
from app.doors.readings import LARGEST
from app.edge.sending import Sender
from app.edge.settings import EdgeSettings
from app.edge.taking import SiteInbox, SitePoints
from app.monitoring.dropped import Dropped
from app.monitoring.hj212 import Hj212
from app.monitoring.mqtt import Broker, Mqtt
from app.problems import on_error, on_gone, problem
from app.repeating import Chores
from core.clock import Clock, iso
from core.errors import BadInputError, FaultsError, ForbiddenError, OneMapError
from core.texts import Lang, Text
from monitoring.devices import Carrier
from monitoring.formats import parsed
from monitoring.readings import entered
from store.forwarding import Forwarding

FILE = "edge.db"
LARGEST_FILE = 50_000_000
"""Bytes of a dropped file, as at the centre unless set there."""

KEY_NEEDED = Text("须出示本地密钥(Authorization: Bearer)", "show the local key (Authorization: Bearer)")


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of a forwarder."""

    settings: EdgeSettings
    clock: Clock
    held: Forwarding
    inbox: SiteInbox
    sender: Sender
    passwords: Mapping[str, str]

    def known(self, mn: str, password: str) -> Carrier | None:
        """The HJ 212 device that says this."""
        expected = self.passwords.get(mn)
        fits = expected is not None and hmac.compare_digest(expected.encode(), password.encode())
        return Carrier(code=mn, mn=mn) if fits else None

    def told(self) -> dict[str, Any]:
        """How much waits and how old it is, what became of the rest, and how the link stands."""
        depth, link, now = self.held.depth(), self.sender.link, self.clock()
        age = None if depth.oldest is None else round((now - depth.oldest).total_seconds(), 1)
        plain = asdict(depth) | {"oldest": None if depth.oldest is None else iso(depth.oldest), "age": age}
        answered = None if link.answered_at is None else iso(link.answered_at)
        return plain | {
            "unreadable": self.inbox.refused_rows, "answered_at": answered, "failures": link.failures,
            "said": link.said, "when_full": self.settings.when_full, "most": int(self.settings.most_mb * 1_000_000),
        }  # fmt: skip


def site_of(settings: EdgeSettings, clock: Clock) -> Site:
    """Open the buffer and read which HJ 212 devices there are."""
    if settings.host not in ("127.0.0.1", "::1", "localhost") and not settings.local_key.get_secret_value():
        raise ForbiddenError(
            Text(
                f"在 {settings.host} 上接收须配置本地密钥(ONEMAP_EDGE_LOCAL_KEY)",
                f"to take readings at {settings.host} a local key is needed (ONEMAP_EDGE_LOCAL_KEY)",
            )
        )
    passwords, tags = _hj212(settings.hj212_devices)
    settings.data.mkdir(parents=True, exist_ok=True)
    held = buffer_of(settings)
    inbox = SiteInbox(held, SitePoints(tags, settings.enterprise), clock)
    return Site(settings, clock, held, inbox, Sender(held, settings, clock), passwords)


def buffer_of(settings: EdgeSettings) -> Forwarding:
    """The buffer in the data folder."""
    most = int(settings.most_mb * 1_000_000)
    return Forwarding(settings.data / FILE, most=most, drop_oldest=settings.when_full == "drop-oldest")


def doors(site: Site) -> Starlette:
    """The application."""

    async def receive(asked: Request) -> Response:
        """POST /api/readings: as at the centre, answered once it is on this site's disk."""
        if not _let_in(asked, site.settings):
            return problem(401, "sign-in", KEY_NEEDED, Lang.ZH)
        body = await body_of(asked, LARGEST)
        media_type = asked.headers.get("content-type", "application/json")

        def take() -> dict[str, Any]:
            sent = parsed(body, media_type)
            batch = entered(sent, site.inbox.register.known(), source="edge", arrived=site.clock())
            site.inbox.refused(sent.faults.count)
            if sent.faults.count and not batch.num_rows:
                raise FaultsError(sent.faults.ordered())
            site.inbox.offer(batch)
            faults = [
                {"row": one.row, "field": one.field, "value": one.value, "rule": one.rule.of(Lang.ZH)}
                for one in sent.faults.ordered()
            ]
            return {"received": sent.received, "held": batch.num_rows, "refused": sent.faults.count, "faults": faults}

        return json_answer(await run_in_threadpool(take))

    async def told(asked: Request) -> Response:
        """GET /api/readings: depth, age, the link."""
        if not _let_in(asked, site.settings):
            return problem(401, "sign-in", KEY_NEEDED, Lang.ZH)
        return json_answer(await run_in_threadpool(site.told))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as open_now:
            await _enter(site, open_now)
            site.sender.start()
            yield
        await asyncio.to_thread(site.sender.stop)

    routes = [Route("/api/readings", receive, methods=["POST"]), Route("/api/readings", told, methods=["GET"])]
    errors = {OneMapError: on_error, ClientDisconnect: on_gone}
    return Starlette(routes=routes, exception_handlers=errors, lifespan=lifespan)


async def _enter(site: Site, open_now: AsyncExitStack) -> None:
    settings = site.settings
    if settings.hj212_port is not None:
        server = Hj212(site.inbox, site.clock, site.known)
        await open_now.enter_async_context(server.serving(settings.host, settings.hj212_port))
    if settings.mqtt_url.get_secret_value():
        broker = Broker(
            url=settings.mqtt_url.get_secret_value(), topic=settings.mqtt_topic, client=settings.mqtt_client,
            ca=settings.mqtt_ca,
        )  # fmt: skip
        open_now.enter_context(Mqtt(site.inbox, site.clock, broker).serving())
    if settings.drop_folder is not None:
        dropped = Dropped(site.inbox, site.clock, settings.drop_folder, largest=LARGEST_FILE, chores=Chores(site.clock))
        open_now.enter_context(dropped.serving())


def _let_in(asked: Request, settings: EdgeSettings) -> bool:
    needed = settings.local_key.get_secret_value()
    shown = asked.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return not needed or hmac.compare_digest(needed.encode(), shown.encode())


def _hj212(file: Path | None) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Passwords by MN, and the point of each MN and tag, as a YAML file names them."""
    if file is None:
        return {}, {}
    try:
        given = yaml.safe_load(file.read_text("utf-8"))
        passwords = {str(mn): str(one["password"]) for mn, one in given.items()}
        tags = {(str(mn), str(tag)): str(code) for mn, one in given.items() for tag, code in one["tags"].items()}
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise BadInputError(
            Text(
                f"{file} 须为“MN: {{password: …, tags: {{因子: 点位}}}}”({error})",
                f"{file} must be `MN: {{password: …, tags: {{TAG: POINT}}}}` ({error})",
            ),
            field="hj212_devices",
        ) from error
    return passwords, tags
