"""Cards 登记表: labels beside or above their blanks, with tables among them."""
