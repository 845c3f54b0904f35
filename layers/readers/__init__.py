"""Files become tables of headings and text, with `geometry` as WKB in EPSG:4490; what a file is, its bytes say."""
