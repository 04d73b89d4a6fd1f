"""How the work on case reports is judged: outcomes by area, category, department and time, never by person."""
