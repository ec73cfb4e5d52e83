"""The third platform: a local web page that behaves like a chat client, for trying Preceptor without any account."""
