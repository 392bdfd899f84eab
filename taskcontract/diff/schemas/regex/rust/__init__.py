"""Regular expressions as Rust's `regex` crate reads them, which is what checks the values of a task spec."""
