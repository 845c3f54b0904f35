"""Doors that only translate: HTTP in, a room's function called, HTTP out."""
