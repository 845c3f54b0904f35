"""What it does to people and buildings: doses, probits, risk."""
