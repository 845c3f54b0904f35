"""Models held against what was measured in the open, by rules written down before the scores were seen."""
