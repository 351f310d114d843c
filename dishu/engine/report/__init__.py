"""The finished figures on paper: a workbook, a situation report in official layout, a table for the terminal."""
