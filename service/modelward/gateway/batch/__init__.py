"""Batch files and batches: each line of a file is one call, judged at upload and again when it is run."""
