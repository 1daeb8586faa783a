"""Answers scored against cases."""
