"""Tables out of spreadsheets: CSV and XLSX as rows by the names of their columns, and imports that are looked at first."""
