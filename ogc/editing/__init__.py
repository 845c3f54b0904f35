"""Writing through the services: what a request wants, who may, the layer's own validation, one commit of the store.

The doors (`ogc/oapi/editing.py`, `ogc/wfs/transaction.py`) read their formats into `Wanted` values and tell what came
of them.
"""

from ogc.editing.batch import MOST, Done, Outcome, admit, carry_out
from ogc.editing.rights import editable, refusal
from ogc.editing.wanted import Act, Wanted

__all__ = ["MOST", "Act", "Done", "Outcome", "Wanted", "admit", "carry_out", "editable", "refusal"]
