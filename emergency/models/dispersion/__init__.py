"""How a cloud spreads: passive and dense, and the air it spreads in."""
