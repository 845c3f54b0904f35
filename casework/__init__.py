"""The common means of decision: what has a deadline, and by which rule."""
