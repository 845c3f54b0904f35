"""What the duty desk does by itself: who is reminded of what."""
