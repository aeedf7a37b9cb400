"""Settings by profile: `production` (the default), `demo` (what `./dev run` starts) and `test`."""
