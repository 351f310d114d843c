"""The sheets of the workbook, one module each; `book` is what they share."""
