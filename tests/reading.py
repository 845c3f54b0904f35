"""What a reading process imports before it opens a file, in its order."""

import sys

from layers.readers.child import WithoutFrames

sys.meta_path.insert(0, WithoutFrames)

import layers.coverage  # noqa: E402
import layers.readers.dispatch  # noqa: E402, F401
