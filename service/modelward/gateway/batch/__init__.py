"""Batch files and batches: each line of a file is a call of its own, judged at upload and again when it is run."""
