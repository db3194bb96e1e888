"""A fleet that speaks the real protocol, with meters behind it and programs that poll them."""
