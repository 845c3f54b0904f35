"""What the picture says without a detector: movement, things left, flames, smoke, and faults of the camera."""
