"""The forms of official documents, drawn: `layout` what every one has, then one module for each kind of business."""
