"""Every change of people, postings, grants and departments."""
