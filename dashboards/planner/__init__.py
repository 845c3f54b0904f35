"""The planner's workbench: what a scenario may say, and what its result says in the reader's language."""
