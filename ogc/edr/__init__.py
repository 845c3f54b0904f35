"""OGC API EDR: what measuring points and weather stations measured, as CoverageJSON or CSV."""
