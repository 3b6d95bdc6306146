"""The small public pages, the operator's pages, and what is shown when something could not be done."""
