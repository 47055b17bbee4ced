"""Reports in their own clothes: values written into the department's own template, whatever its format."""
