package dev.attache.filters.stateful_session;

import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** The session of one request. Loop-confined. */
public interface Session {

    /** The host that the client was told of, as {@code 192.0.2.1:80}; null = none. */
    @Nullable String address();

    /**
     * Tells the client of the host that has answered.
     *
     * @return whether it is another one than the client knew
     */
    boolean update(String host, Headers response);
}
