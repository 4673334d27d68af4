"""Specs and seeds in, drafts out.  The only package that imports torch."""
