"""How it burns: pools, jets, fireballs, clouds."""
