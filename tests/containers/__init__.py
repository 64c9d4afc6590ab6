"""What only containers show: the image, the compose file, a broker of three nodes. Asked for by `make containers`."""
