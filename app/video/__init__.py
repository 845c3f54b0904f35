"""Video analysis of this site: which cameras, by which rules, with whose password, and what becomes of events."""
