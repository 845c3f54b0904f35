"""Incidents bound to the store: opened, led, logged, merged, replayed, each command once however often it is sent."""
