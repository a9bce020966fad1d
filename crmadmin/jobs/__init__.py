"""What the program does by itself: each job calls services, and keeps what they did."""
