"""Orders of the duty desk to teams, bodies and persons, and what comes back."""
