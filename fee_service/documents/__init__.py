"""A quote as people hand it on: PDF, spreadsheet, CSV and the chart, all made from the public answer alone."""
