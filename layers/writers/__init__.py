"""Rows of a layer into files people open: tables of text and workbooks, batch by batch."""
