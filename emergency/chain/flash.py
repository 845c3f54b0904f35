"""A cloud lit late that burns without a blast: who stands where it can burn, burns."""

from core.texts import Text
from emergency.chain.cloud import along_axis
from emergency.chain.drawn import CloudZones
from emergency.chain.ignited import FLASH, Flammable, flammable
from emergency.chain.part import Part
from emergency.chain.toxic_levels import own_levels, part_of_volume
from emergency.models.fire.flash_fire import Envelope, envelope
from emergency.releases import FlashFire
from emergency.result import DataUsed
from emergency.scenario import Scenario
from emergency.zones import Level

LIT_ANYWHERE = Text(
    "点火位置不定:凡可燃云到达之处都可能被点燃,影响范围取全部时刻的包络;爆炸下限的一半为惯用边界(Phast)",
    "where it is lit is not known: it may be wherever the cloud can burn, so zones hold all moments; half the lower "
    "limit is drawn by convention (Phast)",
)


def flash_fire(scenario: Scenario) -> Part:
    """Zones of the lower limit and of half of it, or of one's own parts of volume."""
    assert isinstance(scenario.release, FlashFire)
    burning = flammable(scenario, scenario.release)
    air, chosen = scenario.weather, burning.chosen
    levels = limit_levels(burning) if isinstance(scenario.levels, str) else own_levels(scenario)
    aims = [part_of_volume(one, burning.gas, air) for one in levels]
    zones = CloudZones(
        chosen.cloud, levels, aims, scenario.place.point, air.wind_from, chosen.models[0].id, burning.checks
    )
    return Part(
        zones=zones, figures=burning.figures, curves=(*burning.curves, along_axis(chosen)), checks=burning.checks,
        notes=(LIT_ANYWHERE, *burning.notes), models=(*burning.models, envelope.card), data=(limits_used(burning),),
        field=chosen.field,
    )  # fmt: skip


def limit_levels(burning: Flammable) -> tuple[Level, ...]:
    """The lower limit and half of it, averaged over seconds."""
    lower, source = burning.limits.lower, burning.limits.source
    names = {
        Envelope.LOWER_LIMIT: Text(f"爆炸下限 {lower:.2%}", f"lower flammability limit {lower:.2%}"),
        Envelope.HALF: Text(f"爆炸下限的一半 {lower / 2:.2%}", f"half the lower flammability limit {lower / 2:.2%}"),
    }
    return tuple(
        Level(
            name=name, value=1e6 * envelope(lower, drawn), unit="ppm", severity=place, verified=False, source=source,
            averaging_time=FLASH,
        )
        for place, (drawn, name) in enumerate(names.items(), start=1)
    )  # fmt: skip


def limits_used(burning: Flammable) -> DataUsed:
    """The limits as the receipt names them."""
    return DataUsed(
        name="flammability", title=Text("爆炸极限", "flammability limits"), observed_at=None, verified=False,
        source=burning.limits.source,
    )  # fmt: skip
