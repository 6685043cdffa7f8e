"""What tests share and is no test: random requests, golden cases, a naive implementation, real servers."""
