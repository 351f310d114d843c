"""The same reads and actions as the pages, for machines: /api/ with tokens, one shape of errors, dry runs."""
