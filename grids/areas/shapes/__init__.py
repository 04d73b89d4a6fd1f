"""Shapes of areas: coordinates, look-up, validation, generalisation. Pure computation on shapely geometries, no database."""
