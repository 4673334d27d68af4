"""Ad copy: facts of a row, frames that state them, and three ways to choose among what they can say."""

import os

# before torch is imported: its threads spin while they wait, and take the cores from the platform's other processes
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
