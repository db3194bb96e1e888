"""What can be told of meters from the bytes that pass, without speaking their protocols."""
