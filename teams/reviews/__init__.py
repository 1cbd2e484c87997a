"""What a coordinator should look at: flags of visits, reviewed with a word."""
