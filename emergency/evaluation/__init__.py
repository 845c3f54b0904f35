"""How an incident or an exercise was handled, by criteria that are data: what is counted, what a person judges."""
