package dev.attache.filters.matching.http_inputs;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import org.jspecify.annotations.Nullable;

/** The status of the response, {@code 404}, or its class, {@code 4xx}. */
enum StatusInput implements HttpMatchInput {
    CODE,
    CLASS;

    private static final int DIGITS = 3;
    private static final String[] CLASSES = {"1xx", "2xx", "3xx", "4xx", "5xx"};

    @Override
    public @Nullable Object get(HttpMatchData data) {
        Headers response = data.responseHeaders();
        if (response == null) {
            return MatchInput.NOT_YET;
        }
        String status = response.getOr(HeaderName.STATUS, "");
        if (status.length() != DIGITS) {
            return null;
        }
        int index = status.charAt(0) - '1';
        return this == CODE ? status : index < 0 || index >= CLASSES.length ? null : CLASSES[index];
    }
}
