"""What the lists show, as workbooks."""
