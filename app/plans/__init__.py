"""Digital plans at work: matched with an incident, their steps taken up as tasks and followed."""
