"""Who supplies whom, how deep, and how sure."""
