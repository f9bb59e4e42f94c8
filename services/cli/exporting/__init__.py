"""What `pagemill export` is made of: the files of a run, and the run."""
