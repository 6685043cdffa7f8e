"""What `make bench` measures: ratios against something named, in one run."""
