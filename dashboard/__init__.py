"""What people see, click, type and take away."""
