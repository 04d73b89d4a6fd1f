"""Everything that changes what is published about fraud."""
