package dev.attache.filters.http.author.blocking;

import dev.attache.filter.Headers;
import dev.attache.filter.Response;
import org.jspecify.annotations.Nullable;

/** A response that came, on the thread of its stream. */
record HeldResponse(HeldMessage message) implements Response {
    @Override
    public int status() {
        String value = message.head.get(":status");
        return value == null ? 0 : Integer.parseInt(value);
    }

    @Override
    public void status(int status) {
        message.head.set(":status", OwnAnswer.checked(status));
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
