"""What the pages of fraud alerts show, one module for each page."""
