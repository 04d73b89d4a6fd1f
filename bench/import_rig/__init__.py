"""What benches of importers share: a scratch database, the way of a file through the exchange, and the peers."""
