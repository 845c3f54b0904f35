"""Rules over looks: pure functions from what was before and one look to what is now and what was raised or ended."""
