package dev.attache.filters.load_balancing.override_host;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.lb.PickContext;
import org.jspecify.annotations.Nullable;

/** Where a request may name hosts. Immutable. */
interface HostSource {

    /** Addresses with ports, separated by commas; null where there are none. */
    @Nullable String hosts(PickContext request);

    /** The first value of a header. */
    record Header(HeaderName name) implements HostSource {
        @Override
        public @Nullable String hosts(PickContext request) {
            Headers headers = request.downstreamHeaders();
            return headers == null ? null : headers.get(name);
        }
    }
}
