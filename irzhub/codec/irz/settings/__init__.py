"""The AT$ settings of iRZ modems: what there is, what a value may be, and the texts that carry them."""
