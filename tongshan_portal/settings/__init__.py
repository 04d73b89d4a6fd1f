"""Settings: `local` for one machine and the demo, `production` for servers, `test` for the suite; all stand on `base`."""
