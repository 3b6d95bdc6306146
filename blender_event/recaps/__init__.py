"""The recap that makes the day last."""
