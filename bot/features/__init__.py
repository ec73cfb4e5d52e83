"""What members can do, one file a thing: its commands, its taps and forms, its promises and its words."""
