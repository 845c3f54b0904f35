"""Score sheets of incidents that are over: counted, judged, filed."""
