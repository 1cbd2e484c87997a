"""What programs may ask and change."""
