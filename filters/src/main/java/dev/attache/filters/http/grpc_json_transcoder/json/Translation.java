package dev.attache.filters.http.grpc_json_transcoder.json;

import org.jspecify.annotations.Nullable;

/** How a translation went: all who take part say what is wrong; what is said last counts. */
public final class Translation {
    private @Nullable String error;

    void fail(String message) {
        error = message;
    }

    /** Null: nothing is wrong. */
    public @Nullable String error() {
        return error;
    }
}
