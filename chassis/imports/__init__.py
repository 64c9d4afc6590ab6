"""Imports (导入): a file comes in, is checked whole in the background, and is entered whole, whatever is killed."""
