"""Alarms: rules as declared values, an engine over columns, the life of an alarm, floods and escalation."""
