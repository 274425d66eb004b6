package dev.attache.filters.http.author.blocking;

import dev.attache.filter.Headers;
import dev.attache.filter.Response;
import dev.attache.filters.http.author.stream.AuthorHeaders;
import dev.attache.filters.http.author.stream.HeaderNames;
import org.jspecify.annotations.Nullable;

/** A response that a blocking filter makes; its thread's until it is returned. */
final class OwnAnswer implements Response {
    private final AuthorHeaders headers =
            new AuthorHeaders(new dev.attache.proxy.http.Headers(), new HeaderNames());
    private int status;
    private byte[] body;

    OwnAnswer(int status, byte[] body) {
        status(status);
        this.body = body;
    }

    /** As a header's value. */
    static String checked(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("no status of an answer: " + status);
        }
        return Integer.toString(status);
    }

    dev.attache.proxy.http.Headers fields() {
        return AuthorHeaders.fields(headers);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public void status(int other) {
        checked(other);
        status = other;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public void body(byte[] other) {
        body = other;
    }

    @Override
    public @Nullable Headers trailers() {
        return null;
    }
}
