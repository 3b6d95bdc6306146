"""Outside judges of what we write: independent readers and checks on bytes."""
