"""Missions on site: codes that are scanned where they hang, fixed, changing, or good for one person."""
