"""A cloud lit late that explodes: overpressure round every place its middle may be."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.texts import Text
from core.units import Fraction, JoulePerKilogram, Kilogram, Metre, Metres, Pascal
from emergency.chain.blast import AS_TNT, TNT_ENERGY
from emergency.chain.effects import drawn_levels, effects_used
from emergency.chain.flash import limits_used
from emergency.chain.heat import burns
from emergency.chain.ignited import Flammable, flammable
from emergency.chain.part import Part
from emergency.field import Floats, UntimedField
from emergency.model import Card, Check
from emergency.models.dispersion.zone import zones as cut_zones
from emergency.models.explosion.baker_strehlow_tang import baker_strehlow_tang, cloud_energy, flame_mach
from emergency.models.explosion.blast import scaled_distance
from emergency.models.explosion.bst_aloha import cloud_overpressure
from emergency.models.explosion.kingery_bulmash import simplified_kingery
from emergency.models.explosion.tnt import tnt_equivalent
from emergency.reach import reach
from emergency.releases import BlastModel, VapourCloud
from emergency.result import Curve, Figure
from emergency.scenario import Scenario
from emergency.zones import OVER_CHORD, Cut, downwind_zone, nested

NEAREST, FARTHEST = 0.1, 20_000.0
"""Metres from the middle of the explosion looked over."""

AWAY = np.geomspace(1.0, FARTHEST, 240)
ANYWHERE = Text(
    "点火位置和爆心不定:影响范围取爆心位于可燃云(地面浓度达到爆炸下限)内任一处的并集,全部可燃质量参与,偏安全",
    "where it is lit and where its middle is are not known: zones are round every place within the cloud above its "
    "lower limit at the ground, each with all of the flammable mass, which is on the safe side",
)
NO_CLOUD = Text(
    "地面处达不到爆炸下限,没有可燃云", "nowhere at the ground is the lower limit reached: there is no cloud"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Overpressure by distance from the middle, and what it rests on."""

    model: BlastModel
    mass: Kilogram
    heat: JoulePerKilogram
    mach: Fraction
    blast_yield: Fraction | None
    ambient_pressure: Pascal

    @property
    def cards(self) -> tuple[Card, ...]:
        """The method's first."""
        return {
            BlastModel.BAKER_STREHLOW_TANG: (baker_strehlow_tang.card,),
            BlastModel.ALOHA: (cloud_overpressure.card,),
            BlastModel.TNT: (simplified_kingery.card, tnt_equivalent.card),
        }[self.model]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Of the flame's speed, where the method knows one."""
        energy = cloud_energy(self.mass, self.heat)
        match self.model:
            case BlastModel.BAKER_STREHLOW_TANG:
                return baker_strehlow_tang.checks(distance=1.0, energy=energy, flame_mach=self.mach)
            case BlastModel.ALOHA:
                return cloud_overpressure.checks(
                    distance=1.0, mass=self.mass, heat_of_combustion=self.heat, flame_mach=self.mach
                )
        return ()

    @property
    def tnt_mass(self) -> Kilogram:
        """The TNT that the yield makes of it."""
        assert self.blast_yield is not None
        return tnt_equivalent(
            mass=self.mass, heat_of_combustion=self.heat, blast_yield=self.blast_yield, tnt_energy=TNT_ENERGY
        )

    def at(self, distance: Metres) -> Floats:
        """Overpressure, Pa; inside the nearest distance looked over it stays as it is there."""
        away = np.maximum(np.asarray(distance, dtype=float), NEAREST)
        match self.model:
            case BlastModel.BAKER_STREHLOW_TANG:
                energy = cloud_energy(self.mass, self.heat)
                return np.asarray(
                    baker_strehlow_tang(
                        distance=away, energy=energy, flame_mach=self.mach, ambient_pressure=self.ambient_pressure
                    ).overpressure
                )
            case BlastModel.ALOHA:
                return np.asarray(
                    cloud_overpressure(
                        distance=away, mass=self.mass, heat_of_combustion=self.heat, flame_mach=self.mach,
                        ambient_pressure=self.ambient_pressure,
                    )
                )  # fmt: skip
        scaled = scaled_distance(away, self.tnt_mass)
        return np.asarray(simplified_kingery(scaled_distance=scaled).incident_overpressure)

    @property
    def curve(self) -> Curve:
        """Against the distance from the middle."""
        titles = {
            BlastModel.BAKER_STREHLOW_TANG: Text("超压(Baker-Strehlow-Tang)", "overpressure (Baker-Strehlow-Tang)"),
            BlastModel.ALOHA: Text("超压(ALOHA 的 BST)", "overpressure (ALOHA)"),
            BlastModel.TNT: Text("超压(TNT 当量)", "overpressure (TNT)"),
        }
        return Curve(
            name="overpressure", title=titles[self.model], x_title=Text("距爆心", "distance from the middle"),
            x_unit="m", y_unit="Pa", x=tuple(AWAY.tolist()), y=tuple(self.at(AWAY).tolist()), model=self.cards[0].id,
        )  # fmt: skip


def vapour_cloud(scenario: Scenario) -> Part:
    """Zones of overpressure round every place the explosion may be."""
    release = scenario.release
    assert isinstance(release, VapourCloud)
    burning = flammable(scenario, release)
    levels = drawn_levels(scenario, "overpressure")
    (cloud,) = cut_zones(burning.chosen.cloud, [burning.limits.lower])
    data = (effects_used("overpressure", levels), limits_used(burning))
    if burning.mass <= 0.0 or cloud.outline.is_empty:
        zones = [
            downwind_zone(one, scenario.place.point, scenario.weather.wind_from, cloud.outline, model="given")
            for one in levels
        ]
        return Part(
            zones=nested(zones), figures=burning.figures, curves=burning.curves, checks=burning.checks,
            notes=(NO_CLOUD, *burning.notes), models=burning.models, data=data,
        )  # fmt: skip
    wave = _wave(scenario, release, burning, release.blast_model)
    checks = (*wave.checks, *burning.checks)
    beyond = Cut.NONE if cloud.cut is None else Cut.MODEL_RANGE
    drawn = []
    for level in levels:
        radius = reach(wave.at, level.value, near=NEAREST, far=FARTHEST)
        ends = beyond if np.isfinite(radius) else Cut.MODEL_RANGE
        shape = _around(cloud.outline, min(radius, FARTHEST))
        drawn.append(
            downwind_zone(
                level, scenario.place.point, scenario.weather.wind_from, shape, model=wave.cards[0].id, checks=checks,
                cut=ends,
            )
        )  # fmt: skip
    others = _compared(scenario, release, burning)
    return Part(
        zones=nested(drawn), figures=(*burning.figures, *_told(wave, cloud.distance)), checks=checks,
        curves=(wave.curve, *(one.curve for one in others), *burning.curves),
        notes=(ANYWHERE, _flame(release, wave), *_as_tnt(wave), *burning.notes),
        models=(*wave.cards, *(card for one in others for card in one.cards), *burning.models), data=data,
        field=_field(wave, cloud.outline),
    )  # fmt: skip


def _wave(scenario: Scenario, release: VapourCloud, burning: Flammable, model: BlastModel) -> Wave:
    return Wave(
        model=model, mass=burning.mass, heat=burns(burning.gas),
        mach=flame_mach(release.reactivity, release.congestion), blast_yield=release.blast_yield,
        ambient_pressure=scenario.weather.ambient_pressure,
    )  # fmt: skip


def _compared(scenario: Scenario, release: VapourCloud, burning: Flammable) -> tuple[Wave, ...]:
    """TNT beside the chosen method where a yield is given, and the chosen one's curve beside TNT."""
    other = BlastModel.TNT if release.blast_model is not BlastModel.TNT else BlastModel.BAKER_STREHLOW_TANG
    if other is BlastModel.TNT and release.blast_yield is None:
        return ()
    return (_wave(scenario, release, burning, other),)


def _around(outline: BaseGeometry, radius: Metre) -> BaseGeometry:
    """Every place within a distance of any place of the cloud; none where the level is nowhere reached."""
    if radius <= 0.0:
        return shapely.Polygon()
    found: BaseGeometry = shapely.buffer(outline, radius * OVER_CHORD, quad_segs=45)
    return found


def _field(wave: Wave, outline: BaseGeometry) -> UntimedField:
    shapely.prepare(outline)

    def peak(downwind: Metres, crosswind: Metres, height: Metres) -> Floats:
        x, y, z = np.broadcast_arrays(np.asarray(downwind, dtype=float), crosswind, height)
        return wave.at(np.hypot(shapely.distance(outline, shapely.points(x, y)), z))

    return UntimedField(peak=peak)


def _told(wave: Wave, distance: Metre) -> tuple[Figure, ...]:
    found = [
        Figure(name="cloud_reach", title=Text("可燃云可达距离", "how far the flammable cloud reaches"), value=distance,
               unit="m", model=wave.cards[0].id),
        Figure(name="flame_mach", title=Text("火焰马赫数", "flame Mach number"), value=wave.mach, unit="1",
               model=baker_strehlow_tang.card.id),
    ]  # fmt: skip
    if wave.blast_yield is not None:
        found.append(
            Figure(name="tnt_mass", title=Text("TNT 当量", "TNT equivalent"), value=wave.tnt_mass, unit="kg",
                   model=tnt_equivalent.card.id)
        )  # fmt: skip
    return tuple(found)


def _flame(release: VapourCloud, wave: Wave) -> Text:
    zh = {"low": "低", "medium": "中", "high": "高"}
    return Text(
        f"反应性取{zh[release.reactivity]}、拥塞程度取{zh[release.congestion]}(使用者给定),火焰马赫数 {wave.mach:g}",
        f"reactivity {release.reactivity} and congestion {release.congestion} are the user's: flame Mach {wave.mach:g}",
    )


def _as_tnt(wave: Wave) -> tuple[Text, ...]:
    return (AS_TNT,) if wave.model is BlastModel.TNT else ()
