"""What files hold of a cluster, and how it is put together again."""
