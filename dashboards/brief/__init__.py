"""The offline brief: what lies inside a drawn shape as one self-contained HTML document, to be handed on as a file."""
