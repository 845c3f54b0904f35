"""Exercises, pure: how their time runs, which injects are due, and how what came of each is scored."""
