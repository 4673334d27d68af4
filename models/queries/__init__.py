"""Every question the platform asks its database, each under the name of its answer."""
