"""The one web application: guard, doors and screens under one origin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

import dashboards.site
from app.alerting.pushing import keep_pushing, pusher_of
from app.alerting.receipts import CapReceipts
from app.auth.guard import Guard, by_cookie
from app.auth.provider_doors import ProviderDoors
from app.auth.refusals import Why
from app.auth.signin import SignIn
from app.auth.vouched import Vouched
from app.base_maps import base_maps, image_hosts
from app.bounds import Bounds
from app.callbacks import CallbackDoor, unguarded
from app.doors.admin.desk import Desk
from app.doors.admin.recipients import Recipients
from app.doors.admin.routes import admin_routes
from app.doors.alarms import alarm_routes
from app.doors.alert_receipts import alert_receipt_routes
from app.doors.audit import audit_routes
from app.doors.camera_rules import CameraRuleDesk, camera_rule_routes
from app.doors.cameras import camera_routes
from app.doors.case_design import Designs, design_routes
from app.doors.case_drafts import CaseDrafts
from app.doors.case_draws import Draws, draw_routes
from app.doors.case_import import Imports, import_routes
from app.doors.case_lists import Lists
from app.doors.case_papers import Papers, paper_routes
from app.doors.case_plans import Plans, plan_routes
from app.doors.case_reporters import reporter_routes
from app.doors.cases import Cases, case_routes
from app.doors.chemicals import chemical_routes
from app.doors.devices import DeviceDesk, device_routes
from app.doors.documents import Mailbox, document_routes
from app.doors.enterprise import enterprise_routes
from app.doors.evaluation import EvaluationDoors, evaluation_routes
from app.doors.exercises import ExerciseDoors, exercise_routes
from app.doors.field import FieldDoors, field_routes
from app.doors.files import file_routes
from app.doors.grading import grading_routes
from app.doors.incident_chain import ChainDoors, chain_routes
from app.doors.incident_wall import IncidentWall, incident_wall_routes
from app.doors.incident_warnings import IncidentWarningDoors, incident_warning_routes
from app.doors.incidents import IncidentDoors, incident_routes
from app.doors.jobs import job_routes
from app.doors.kit import kit_routes
from app.doors.knowledge import KnowledgeDoors, knowledge_routes
from app.doors.limits import limit_routes
from app.doors.live_pictures import LivePictures, live_picture_routes
from app.doors.manual_wind import manual_wind_routes
from app.doors.marks import MarkDoors, mark_routes
from app.doors.me import me_routes
from app.doors.messages import message_routes
from app.doors.notices import notice_routes
from app.doors.ogc import ogc_routes, own_address
from app.doors.orders import OrderDoors, order_routes
from app.doors.planner import planner_routes
from app.doors.planner_export import export_routes
from app.doors.planner_places import place_routes
from app.doors.planner_weathers import weather_routes
from app.doors.plans import PlanDoors, plan_desk_routes
from app.doors.points import point_routes
from app.doors.points_export import point_export_routes
from app.doors.process_jobs import ProcessJobs
from app.doors.public import public_routes
from app.doors.readings import reading_routes
from app.doors.remote import remote_routes
from app.doors.report import report_routes
from app.doors.risk import risk_routes
from app.doors.roster_bookings import booking_desk, roster_booking_routes
from app.doors.roster_calls import call_desk, roster_call_routes
from app.doors.roster_shifts import WatchDesk, roster_shift_routes
from app.doors.routes import route_routes
from app.doors.rules import rule_routes
from app.doors.scenarios import scenario_routes
from app.doors.situation import SituationDoors, situation_routes
from app.doors.tiles import tile_routes
from app.doors.tilesets import Tiles, tileset_routes
from app.doors.verify import verify_routes
from app.doors.video_alarms import video_alarm_routes
from app.doors.violations import ViolationDesk, violation_routes
from app.doors.warnings import WarningDesk, warning_routes
from app.doors.wmts import wmts_routes
from app.evaluation.desk import EvaluationDesk
from app.exercises.conducting import keep_conducting
from app.exercises.desk import ExerciseDesk
from app.headers import SecurityHeaders, content_security_policy
from app.heads import keep_signing, sign_head
from app.hosts import Hosts
from app.incidents.chain import ChainDesk
from app.incidents.desk import IncidentDesk
from app.incidents.kit import KitMaker
from app.incidents.projecting import keep_projecting
from app.incidents.projections import Projections
from app.incidents.reports import Reporting
from app.incidents.situations import Situations
from app.incidents.warnings import WarningLog
from app.jobs.catalogue import KINDS
from app.keeping import Archive
from app.live import Live, live_endpoint
from app.messages.delivering import keep_posting, post_room
from app.messages.receipts import Receipts, sinks
from app.monitoring.grading import keep_grading
from app.monitoring.newest import Newest
from app.monitoring.reporting import enter_reporting
from app.monitoring.sights import Sights
from app.openapi import document
from app.orders.desk import OrderDesk
from app.orders.field import Field
from app.orders.marks import Marks
from app.orders.proposing import Proposals
from app.orders.ways import Ways
from app.pictures import base_picture
from app.planning import Planning
from app.plans.desk import PlanDesk
from app.policy import RULES, Policy
from app.problems import NOT_FOUND, language, on_error, on_gone, on_refusal, problem
from app.processes import processes
from app.readings import SensorReadings
from app.reminding import keep_reminding
from app.reports import Reports
from app.routing.desk import RouteDesk
from app.routing.net import RoadNet
from app.states import Spoken, added_states
from app.systems import SYSTEMS
from app.upkeep import keep_clearing, keep_settling
from app.video.gateways import Gateways
from app.video.judging import Judgement
from app.video.looking import Looks, Seats, Streamed
from app.video.setups import take_over
from app.video.traces import Traces, named
from app.whence import Whence
from app.wiring import System
from casework.bulk import Bulk
from core.caller import Right, current_caller
from core.errors import OneMapError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards import feeds
from dashboards.brief.door import brief_routes
from dashboards.portalfeeds import portal_routes
from dashboards.queries.cameras import Cameras
from dashboards.queries.readings import Readings
from dashboards.queries.wording import area_names
from dashboards.screens import Screens
from emergency.duty.booking import Bookings
from emergency.duty.handover import Handovers
from emergency.duty.roster import Roster
from ogc.edr.routes import edr_routes
from ogc.oapi.routes import oapi_routes
from ogc.oapi.views import view_routes
from ogc.processes.routes import process_routes
from ogc.services import Services
from ogc.tiles.stockrows import StockRows
from ogc.tiles.vectors import TileVectors
from ogc.wmts.service import Wmts
from video.live import Gallery

STATIC = Path(__file__).parent / "static"


def build(system: System) -> FastAPI:
    """The application over one assembled system."""
    sights = Sights(system.store)
    posting, pusher = post_room(system), pusher_of(system)
    newest = Newest(sights, system.inbox, system.clock)
    live = Live(
        system.store, newest, system.clock, most=system.settings.streams_per_address, condition=system.condition.look
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await live.start()
        reporting = await enter_reporting(system)
        chores = system.chores
        conductor = ExerciseDesk(desk=IncidentDesk(store=system.store, clock=system.clock))
        work = (
            keep_signing(lambda: sign_head(system), chores), keep_clearing(system), keep_settling(system),
            keep_grading(system),
            keep_reminding(system), keep_posting(posting, chores), keep_pushing(pusher, chores),
            keep_conducting(conductor, chores), keep_projecting(projections, chores),
        )  # fmt: skip
        going_on = [asyncio.create_task(one) for one in work]
        yield
        for one in going_on:
            one.cancel()
        await asyncio.to_thread(chores.end)
        live.stop()
        await reporting.aclose()

    site = FastAPI(title="OneMap", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    site.state.system = system
    site.state.live = live
    site.add_exception_handler(OneMapError, on_error)
    site.add_exception_handler(Exception, on_error)
    site.add_exception_handler(HTTPException, on_refusal)
    site.add_exception_handler(ClientDisconnect, on_gone)
    for missing in dashboards.site.NO_SUCH_FILE:
        site.add_exception_handler(missing, no_such_file)

    settings = system.settings
    second_button = Text(settings.oidc_title, settings.oidc_title_en) if system.provider is not None else None
    sign_in = SignIn(system.entrance, settings, demo=system.demo, provider=second_button)
    provided = ProviderDoors(sign_in, system.provider, Vouched(system.doorman, settings.oidc_rules))
    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/", front),
        *sign_in.routes(),
        *provided.routes(),
        *me_routes(system.entrance, system.settings.city_title),
        *message_routes(posting, posting.sealer),
        Route("/api/live", live_endpoint),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    site.router.routes.extend(routes)
    screens = screens_of(system)
    site.router.routes.extend(feeds.routes(screens))
    site.router.routes.extend(portal_routes(screens))
    site.router.routes.extend(notice_routes(system.store, system.identity.reading, system.clock))
    planning = Planning(system.store, system.shelf, system.series, system.clock, system.audit.record)
    site.router.routes.extend(planner_routes(planning))
    site.router.routes.extend(place_routes(planning, system.settings.data))
    site.router.routes.extend(export_routes(planning, screens))
    archive = Archive(system.store, system.cabinet, system.clock)
    site.router.routes.extend(scenario_routes(archive, planning))
    incidents = IncidentDesk(store=system.store, clock=system.clock)
    chain = ChainDesk(desk=incidents, planning=planning, cabinet=system.cabinet, folder=system.settings.data)
    projections = Projections(chain=chain, settled=system.settings.projection_seconds)
    drawn = Marks(incidents=incidents)
    roads = RouteDesk(
        store=system.store, net=RoadNet(system.store), archive=archive, clock=system.clock, incident=chain.avoided,
        closed=drawn.closed,
    )  # fmt: skip
    site.router.routes.extend(mark_routes(MarkDoors(marks=drawn)))
    site.router.routes.extend(route_routes(roads, planning))
    site.router.routes.extend(chemical_routes(system.store))
    site.router.routes.extend(limit_routes(system.store, system.clock))
    site.router.routes.extend(rule_routes(system.store, system.clock))
    site.router.routes.extend(grading_routes(system.store, system.shelf, system.audit, system.clock))
    site.router.routes.extend(camera_routes(system.store, system.shelf))
    site.router.routes.extend(live_picture_routes(live_pictures(system)))
    site.router.routes.extend(camera_rule_routes(_camera_rules(system)))
    site.router.routes.extend(public_routes(screens))
    site.router.routes.extend(verify_routes(screens))
    site.router.routes.extend(alert_receipt_routes(screens, pusher))
    reports = Reports(
        desk=system.cases, store=system.store, cabinet=system.cabinet, audit=system.audit, clock=system.clock,
        sealer=system.entrance.sealer.for_purpose("reporters"),
    )  # fmt: skip
    site.router.routes.extend(report_routes(screens, reports))
    site.router.routes.extend(reporter_routes(reports))
    site.router.routes.extend(brief_routes(screens, system.audit.record))
    site.router.routes.extend(tile_routes(system.base_map, system.raster_tiles, system.renderer, system.store))
    jobs_folder = system.settings.data / "jobs"
    site.router.routes.extend(weather_routes(planning, system.jobs, jobs_folder))
    site.router.routes.extend(job_routes(system.jobs, KINDS, jobs_folder, system.clock, system.supervisor.nudge))
    site.router.routes.extend(alarm_routes(screens))
    site.router.routes.extend(enterprise_routes(screens))
    site.router.routes.extend(reading_routes(system.inbox, system.clock, system.watching.as_json))
    site.router.routes.extend(point_routes(system.store, system.series, sights, system.clock))
    site.router.routes.extend(point_export_routes(system.store, system.series, system.audit, system.clock))
    devices = DeviceDesk(
        store=system.store, series=system.series, register=system.inbox.register, secrets=system.identity.devices,
        gate=system.gate, audit=system.audit, clock=system.clock, forget=system.doorman.forget,
    )  # fmt: skip
    site.router.routes.extend(device_routes(devices))
    traces = Traces(
        store=system.store, cabinet=system.cabinet, audit=system.audit, named=named(system.identity.people.find)
    )
    seen = ViolationDesk(
        store=system.store, cabinet=system.cabinet, judgement=Judgement(system.store, system.cabinet, system.clock),
        cases=system.cases,
        traces=traces, audit=system.audit, clock=system.clock,
    )  # fmt: skip
    site.router.routes.extend(violation_routes(seen))
    site.router.routes.extend(video_alarm_routes(Gateways(system.store, system.cabinet, system.clock)))
    site.router.routes.extend(roster_call_routes(call_desk(system.store, system.clock)))
    watch = WatchDesk(
        store=system.store, clock=system.clock, roster=Roster(system.store, system.clock),
        handovers=Handovers(system.store, system.clock), directory=system.directory, doorman=system.doorman,
        heads=system.heads, sign=lambda: sign_head(system),
    )  # fmt: skip
    site.router.routes.extend(roster_shift_routes(watch))
    site.router.routes.extend(roster_booking_routes(booking_desk(system.store, system.clock)))
    site.router.routes.extend(manual_wind_routes(system.store, system.inbox, system.clock))
    site.router.routes.extend(risk_routes(system.store, system.settings.data, system.clock))
    warnings = WarningDesk(
        store=system.store, shelf=system.shelf, clock=system.clock, sender=settings.cap_sender,
        status="Exercise" if system.demo else "Actual", log=WarningLog(desk=incidents),
        cap=CapReceipts(store=system.store, identity=system.identity, clock=system.clock, sinks=sinks(settings)),
    )  # fmt: skip
    site.router.routes.extend(warning_routes(warnings))
    digital = PlanDesk(desk=incidents)
    site.router.routes.extend(plan_desk_routes(PlanDoors(plans=digital)))
    evaluations = EvaluationDesk(desk=incidents, plans=digital)
    site.router.routes.extend(evaluation_routes(EvaluationDoors(desk=evaluations)))
    receipts = Receipts(identity=system.identity, settings=settings, clock=system.clock)
    site.router.routes.extend(
        incident_warning_routes(
            IncidentWarningDoors(desk=warnings, log=warnings.log, receipts=receipts, since=chain.since)
        )
    )
    site.router.routes.extend(knowledge_routes(KnowledgeDoors(desk=incidents)))
    reporting = Reporting(desk=incidents, cabinet=system.cabinet, press=system.press)
    site.router.routes.extend(exercise_routes(ExerciseDoors(
        exercises=ExerciseDesk(desk=incidents), press=system.press
    )))  # fmt: skip
    site.router.routes.extend(incident_wall_routes(IncidentWall(store=system.store, clock=system.clock)))
    site.router.routes.extend(incident_routes(IncidentDoors(desk=incidents, reporting=reporting)))
    situations = Situations(
        desk=incidents, cabinet=system.cabinet, press=system.press, warnings=warnings.log,
        base=base_picture(system.renderer), shelf=system.shelf,
    )  # fmt: skip
    site.router.routes.extend(situation_routes(SituationDoors(situations=situations)))
    kits = KitMaker(
        situations=situations, audit=system.audit, base=base_picture(system.renderer), sender=settings.cap_sender,
        city=Text(settings.city_title, settings.city_title_en), approval=settings.map_approval_no, demo=system.demo,
        status=warnings.status,
    )  # fmt: skip
    site.router.routes.extend(kit_routes(kits, settings.data / "kits"))
    orders = OrderDesk(incidents=incidents, bookings=Bookings(system.store, system.clock))
    outside = Field(desk=orders, cabinet=system.cabinet, series=system.series)
    site.router.routes.extend(field_routes(FieldDoors(field=outside, ways=Ways(routes=roads), marks=drawn)))
    order_doors = OrderDoors(
        desk=orders, ways=Ways(routes=roads),
        seen=outside.newest, proposals=Proposals(desk=orders, routes=roads, chain=chain),
    )  # fmt: skip
    site.router.routes.extend(order_routes(order_doors, planning))
    site.router.routes.extend(chain_routes(ChainDoors(chain=chain, projections=projections), planning))
    lists = Lists(
        store=system.store, systems=SYSTEMS, procedures=system.cases.procedures, audit=system.audit, clock=system.clock
    )
    drafts = CaseDrafts(desk=system.cases, lists=lists, drafts=system.identity.drafts, clock=system.clock)
    cases = Cases(
        desk=system.cases, lists=lists, cabinet=system.cabinet, drafts=drafts, clock=system.clock, reports=reports,
        directory=system.directory,
    )  # fmt: skip
    bulk = Bulk(system.cases, system.clock)
    site.router.routes.extend(import_routes(Imports(bulk=bulk, lists=lists, audit=system.audit, clock=system.clock)))
    mailbox = Mailbox(
        desk=system.cases, cabinet=system.cabinet, directory=system.directory, audit=system.audit, clock=system.clock
    )
    site.router.routes.extend(document_routes(mailbox))
    site.router.routes.extend(case_routes(cases))
    site.router.routes.extend(draw_routes(Draws(desk=system.cases, cabinet=system.cabinet, clock=system.clock)))
    site.router.routes.extend(plan_routes(Plans(desk=system.cases, lists=lists, clock=system.clock)))
    site.router.routes.extend(paper_routes(Papers(cases=cases, audit=system.audit)))
    designs = Designs(
        procedures=system.cases.procedures, systems=SYSTEMS, identity=system.identity, store=system.store,
        audit=system.audit, clock=system.clock,
    )  # fmt: skip
    site.router.routes.extend(design_routes(designs))
    site.router.routes.extend(remote_routes(system.remote, system.clock))
    site.router.routes.extend(file_routes(system.cabinet, system.store, system.audit, system.clock))
    site.router.routes.extend(audit_routes(system.audit, system.store, system.clock))
    desk = Desk(
        doorman=system.doorman, catalogue=system.store.catalogue, areas=lambda: area_names(system.store, SYSTEM_SCOPE),
        chores=system.chores,
    )  # fmt: skip
    site.router.routes.extend(admin_routes(desk, Recipients(pusher=pusher, receipts=warnings.cap)))
    services = Services(
        catalogue=system.store.catalogue,
        store=system.store,
        renderer=system.renderer,
        at_hand=StockRows(system.stocks),
        shelf=system.shelf,
        clock=system.clock,
        processes=processes(planning),
        refused=lambda caller: system.doorman.refusals.note(Why.RIGHT, "EDIT /ogc/", caller=caller),
    )
    tiles = Tiles(services, system.pictures, TileVectors(services, system.tiles, system.stocks))
    often = [*wmts_routes(Wmts(services, system.pictures)), *tileset_routes(tiles), *ogc_routes(services)]
    site.router.routes[:0] = often  # a route is looked for from the first on
    site.router.routes.extend(oapi_routes(services, own_address))
    site.router.routes.extend(view_routes(services, own_address))
    site.router.routes.extend(edr_routes(services, system.series, own_address))
    executions = ProcessJobs(
        book=system.jobs,
        identity=system.identity,
        folder=jobs_folder,
        clock=system.clock,
        nudge=system.supervisor.nudge,
    )
    site.router.routes.extend(process_routes(services, own_address, by_cookie, executions))
    site.router.routes.extend(
        Route(prefix + "{rest:path}", nothing_there) for prefix in ("/api/", "/tiles/", "/public/", "/ogc/")
    )
    dash = dashboards.site.build(site, screens)
    policy = Policy(RULES)
    uncovered = policy.uncovered(site.routes)
    if uncovered:
        raise ValueError(f"no rule in app/policy.py for: {uncovered}")
    open_to_all = unguarded(dash.callback_map)
    if open_to_all:
        raise ValueError(f"callbacks that do not say whom they are for (dashboards/guarding.py): {open_to_all}")
    site.add_middleware(CallbackDoor, callbacks=dash.callback_map, refusals=system.doorman.refusals)
    site.add_middleware(Guard, doorman=system.doorman, policy=policy)
    site.add_middleware(Bounds, largest_file=settings.largest_upload, patience=settings.body_seconds)
    site.add_middleware(Whence)
    site.add_middleware(Spoken, further=added_states(system.cases.procedures))
    site.add_middleware(Hosts, names=settings.hosts)
    told = document(RULES)
    site.openapi = lambda: told  # type: ignore[method-assign]
    content = content_security_policy(dash.csp_hashes(), image_hosts(screens.base_maps))
    site.add_middleware(SecurityHeaders, policy=content, tls=system.settings.tls_cert is not None)
    return site


def live_pictures(system: System) -> LivePictures:
    """The doors of live pictures over what workers leave in the data folder."""
    settings, gallery = system.settings, Gallery(system.settings.data / "video" / "live", system.clock)
    return LivePictures(
        store=system.store, shelf=system.shelf, gallery=gallery, clock=system.clock, listed=settings.hall_cameras,
        cameras=Cameras(system.store, gallery, Streamed(system.store), demo=system.demo),
        looks=Looks(system.audit, system.clock), seats=Seats(settings.video_streams, settings.video_streams_each),
    )  # fmt: skip


def _camera_rules(system: System) -> CameraRuleDesk:
    """The editor's doors; files of rules that the command of before laid are taken over."""
    folder = system.settings.data / "video"
    take_over(system.store, folder)
    live = Gallery(folder / "live", system.clock)
    return CameraRuleDesk(store=system.store, cabinet=system.cabinet, live=live, models=folder / "models")


def screens_of(system: System) -> Screens:
    """What the pages are given."""
    settings = system.settings
    return Screens(
        catalogue=system.store.catalogue,
        store=system.store,
        clock=system.clock,
        readings=Readings(system.store, SensorReadings(system.series, system.store.catalogue["sensors"])),
        shelf=system.shelf,
        picture=base_picture(system.renderer),
        jobs=system.jobs,
        reading=system.identity.reading,
        title=Text(settings.city_title, settings.city_title_en),
        demo=system.demo,
        map_approval_no=settings.map_approval_no,
        take_along=settings.take_along,
        root_path=settings.root_path,
        systems=SYSTEMS,
        states=system.cases.procedures.titles_of,
        base_maps=base_maps(settings),
    )


async def nothing_there(request: Request) -> Response:
    """What no route answers is a 404, never the page that Dash would give."""
    return problem(404, "not-found", NOT_FOUND, language(request))


async def no_such_file(request: Request, _: Exception) -> Response:
    """A component's file that is none."""
    return await nothing_there(request)


async def healthz(request: Request) -> JSONResponse:
    """GET /healthz: alive, how far the feed has come, whether reads are as quick as they can be, and alarms are judged.

    Nothing a stranger may not know.
    """
    live: Live = request.app.state.live
    system: System = request.app.state.system
    missing = await run_in_threadpool(system.store.unindexed)
    alarms = system.watching.told().state
    return JSONResponse(
        {"status": "ok", "head": live.head, "indexes": "missing" if missing else "ok", "alarms": alarms.value}
    )


async def front(request: Request) -> RedirectResponse:
    """GET /: the portal for who is signed in, the wall for a wall screen, the public face for a stranger."""
    caller = current_caller.get(None)
    if caller is None:
        target = "/public"
    else:
        target = (
            "/field"
            if caller.may(Right.FIELD)
            else "/hall"
            if caller.may(Right.HALL) and not caller.may(Right.PORTAL)
            else "/home"
        )
    return RedirectResponse(request.scope.get("root_path", "") + target, status_code=303)
