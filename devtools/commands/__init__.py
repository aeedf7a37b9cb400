"""One module for each word after `./dev`; its `main(args)` returns the exit code."""
