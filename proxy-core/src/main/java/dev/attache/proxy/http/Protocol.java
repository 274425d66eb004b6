package dev.attache.proxy.http;

/** The HTTP version on one side; {@code %PROTOCOL%} prints {@link #text()}. */
public enum Protocol {
    HTTP10("HTTP/1.0"),
    HTTP11("HTTP/1.1"),
    HTTP2("HTTP/2"),
    HTTP3("HTTP/3");

    private final String text;

    Protocol(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean multiplexed() {
        return this == HTTP2 || this == HTTP3;
    }
}
