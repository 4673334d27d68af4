"""Ad copy: facts of a row, frames that state them, and three ways to choose among what they can say."""
