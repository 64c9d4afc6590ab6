"""What a node carries: a district's day, played through the gateway at a multiple of its pace."""
