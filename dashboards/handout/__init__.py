"""What a planner hands on: one scenario, or two side by side, as a file others open without this system."""
