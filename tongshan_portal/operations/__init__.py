"""What those who run the portal look at: health, metrics, logs."""
