"""What `./portal` does once its environment stands: services, set-up, supervision, checks, benches."""
