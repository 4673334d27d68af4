"""The workers' entry point: drain lanes, sweep."""
