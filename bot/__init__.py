"""The core of Preceptor: what members can do, who fits whom, when to speak. Knows no platform, no SQL."""
