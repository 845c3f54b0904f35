"""Knowledge of emergencies: cases and what they taught, articles of laws, and how a case is drafted of an incident."""
