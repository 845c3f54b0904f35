"""What is released: holes, flashing, draining tanks, evaporating pools."""
