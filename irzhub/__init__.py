"""irzhub: a server for GSM modems that stand at heat, power and water meters."""
