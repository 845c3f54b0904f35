"""OGC API Processes: the consequence models and what they are for, executed under the caller's rights."""
