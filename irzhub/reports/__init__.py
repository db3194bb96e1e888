"""What is counted over days and printed: tables for people, as pages and files."""
