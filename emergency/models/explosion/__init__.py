"""How it bursts: condensed and vapour-cloud explosions, vessels."""

from emergency.models.explosion import (
    baker_strehlow_tang,
    bauwens_dorofeev,
    bst_aloha,
    hydrogen_jet,
    kingery_bulmash,
    kinney_graham,
    multi_energy,
    one_psi,
    point_source,
    reach,
    tnt,
    vessel_burst,
)

__all__ = [
    "baker_strehlow_tang",
    "bauwens_dorofeev",
    "bst_aloha",
    "hydrogen_jet",
    "kingery_bulmash",
    "kinney_graham",
    "multi_energy",
    "one_psi",
    "point_source",
    "reach",
    "tnt",
    "vessel_burst",
]
