package dev.attache.filters.http.api_key_auth;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys, where they are shown and what is told of them: of the filter, or of a route, of which each
 * part that is there counts instead of the filter's. Immutable.
 *
 * @param clients by their keys, octets; null = not said
 * @param sources in the order in which they are looked at; null = not said
 */
record ApiKeySettings(
        @Nullable Map<String, String> clients,
        @Nullable List<KeySource> sources,
        @Nullable Forwarding forwarding) {

    /**
     * What goes on with a request that is let in.
     *
     * @param client names the client; null = nothing does
     * @param hide no source shows a key any more
     */
    record Forwarding(@Nullable HeaderName client, boolean hide) {}

    ApiKeySettings {
        clients = clients == null ? null : Map.copyOf(clients);
        sources = sources == null ? null : List.copyOf(sources);
    }

    /** These, with what they do not say taken from {@code others}. */
    ApiKeySettings over(ApiKeySettings others) {
        return new ApiKeySettings(
                clients != null ? clients : others.clients,
                sources != null ? sources : others.sources,
                forwarding != null ? forwarding : others.forwarding);
    }

    /** The key that a request shows first, or null. */
    static @Nullable String key(List<KeySource> sources, Headers request) {
        for (int i = 0; i < sources.size(); i++) {
            String key = sources.get(i).find(request);
            if (key != null && !key.isEmpty()) {
                return key;
            }
        }
        return null;
    }
}
