"""Another system's own files as they are: a mapping says how to read them; areas, dictionaries and reports come of it."""
