"""What the duty desk prints: the month's roster and the signed hand-over, on A4."""
