"""What changes elements: recording them, correcting them."""
