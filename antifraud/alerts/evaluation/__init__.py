"""How dissuasion is judged: outcomes by area, type, grade, source and time, never by person."""
