"""What is timed and measured; every figure is printed beside a baseline of the same run."""
