package dev.attache.filters.http.author.blocking;

import dev.attache.filter.Headers;
import dev.attache.filter.Request;
import org.jspecify.annotations.Nullable;

/** A request, on the thread of its stream. */
record HeldRequest(HeldMessage message) implements Request {
    @Override
    public String method() {
        return text(":method");
    }

    @Override
    public String path() {
        return text(":path");
    }

    private String text(String name) {
        String value = message.head.get(name);
        return value == null ? "" : value;
    }

    @Override
    public Headers headers() {
        return message.head;
    }

    @Override
    public byte[] body() throws InterruptedException {
        return message.body();
    }

    @Override
    public void body(byte[] body) {
        message.replacement = body;
    }

    @Override
    public @Nullable Headers trailers() throws InterruptedException {
        return message.rest().trailers;
    }
}
