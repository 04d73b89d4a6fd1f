"""What benches of imports share: a scratch database, one file through the framework, and the two peers beside it."""
