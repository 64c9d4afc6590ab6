"""whistle: residents' needs are collected, a secretary blows the whistle, departments must report."""
