"""Digital plans: which fit an incident and why, and how their steps become tasks with clocks."""
