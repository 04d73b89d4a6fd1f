"""Pages: for everybody, and for the desk."""
