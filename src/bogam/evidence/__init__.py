"""Claims, their citations, and the code that checks them."""
