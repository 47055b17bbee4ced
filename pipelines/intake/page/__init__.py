"""Where on a sheet the forms stand, and what stands round them."""
