"""What residents, neighbours and volunteers do."""
