"""Imports (导入): an uploaded file is checked as a whole in the background, and entered completely, whichever process
is killed."""
