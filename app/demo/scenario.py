"""What the demo's incident in hand may reach, computed once as somebody on duty would, for the desk and the wall."""

from datetime import timedelta

from app.demo.alive import DEMO_ACTOR
from app.incidents.chain import ChainDesk
from app.incidents.desk import By, IncidentDesk
from app.incidents.rounds import Asked
from app.planning import Planning
from app.wiring import System
from core.actors import Actor
from core.caller import Caller, UserClass
from core.scope import SYSTEM_SCOPE
from emergency.incidents.life import State
from layers.catalogue import INCIDENTS
from layers.filters import Compare, Op
from store.query import Query

SAID = "法兰泄漏,孔径与时长为演示假定,待现场核实"
TYPED = {"release.hole_diameter": 0.012, "release.duration": 1800.0, "weather.stability": "D"}
"""What nobody knows of it: metres, seconds, and the class where the station reads too little."""

FRESH = timedelta(hours=2)
"""What happened longer ago is left as it is: the wind of today is not that of then."""

OFFICER = Actor(id=DEMO_ACTOR.id, name="周敏,市应急指挥中心", door=DEMO_ACTOR.door)
BY = By(actor=OFFICER, scope=SYSTEM_SCOPE, account="demo-incidents")
CALLER = Caller(actor=OFFICER, scope=SYSTEM_SCOPE, account="demo-incidents", user_class=UserClass.SYSTEM)


def compute_scenario(system: System) -> None:
    """A first round of each incident under a response that has none yet."""
    desk = IncidentDesk(store=system.store, clock=system.clock)
    planning = Planning(system.store, system.shelf, system.series, system.clock, system.audit.record)
    chain = ChainDesk(desk=desk, planning=planning, cabinet=system.cabinet, folder=system.settings.data)
    query = Query(where=Compare("state", Op.EQ, State.RESPONDING.value), fields=("code",), geometry=False)
    for code in system.store.read(INCIDENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist():
        begun = desk.find(code, scope=SYSTEM_SCOPE).row.occurred_at
        if begun is None or system.clock() - begun > FRESH or chain.rounds(code, SYSTEM_SCOPE, most=1):
            continue
        filled = chain.prefill(code, CALLER)
        values = {one.name: one.value for one in filled.fields}
        typed = {name: value for name, value in TYPED.items() if values.get(name) is None}
        asked = Asked(kind=filled.kind, values=values | typed, begun_at=begun, note=SAID)
        chain.compute(code, asked, by=BY, caller=CALLER, command=f"demo-{code}-scenario")
