"""What bench/live_connections needs beside itself: listeners in a process of their own, people with sessions, peers."""
