package dev.attache.filters.matching.http_inputs;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All values of a header, joined by commas. Immutable.
 *
 * @param part headers or trailers; null = not there yet
 */
record HeaderInput(Function<HttpMatchData, @Nullable Headers> part, HeaderName name)
        implements HttpMatchInput {
    @Override
    public @Nullable Object get(HttpMatchData data) {
        Headers headers = part.apply(data);
        return headers == null ? MatchInput.NOT_YET : headers.getJoined(name);
    }
}
