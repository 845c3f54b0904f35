"""Cameras on the ground: what each can see, and where a pixel lies."""
