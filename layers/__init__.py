"""What a layer is: typed records, layers, code lists, filters, validation, readers of files."""
