"""BookInfo's four services, small and our own: a page about one book, made of three others.

Each version of each service is a process. They know each other by name alone and ask each other
through the gateway, so that Istio's rules decide who answers. They pass a trace's headers on, and
tell Zipkin of their own part in it. Standard library only; nothing is kept.
"""
