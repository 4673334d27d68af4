"""The vocabulary everyone speaks: states, specs, kinds, errors, settings, log.  No I/O."""
