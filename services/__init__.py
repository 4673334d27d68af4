"""What the platform does: one module per verb, on an open session.  A service never commits."""
