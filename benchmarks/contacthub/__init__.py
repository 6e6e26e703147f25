"""What is measured of Contacthub, and the customers that it is measured with."""
