"""May this be published?  Limits, editorial rules and grounding, for our drafts and for anyone's copy."""
