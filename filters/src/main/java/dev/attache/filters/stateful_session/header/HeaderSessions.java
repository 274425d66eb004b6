package dev.attache.filters.stateful_session.header;

import dev.attache.filters.stateful_session.Session;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.filters.stateful_session.StrictBase64;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** The header. Immutable. */
record HeaderSessions(HeaderName name) implements SessionKind {

    @Override
    public Session begin(Headers request, long nowSeconds) {
        int at = request.indexOf(name);
        String known = at < 0 ? "" : StrictBase64.decodeOctets(request.value(at));
        return new InHeader(name, known.isEmpty() ? null : known);
    }

    private record InHeader(HeaderName name, @Nullable String address) implements Session {
        @Override
        public boolean update(String host, Headers response) {
            if (host.equals(address)) {
                return false;
            }
            response.set(name, StrictBase64.encode(host));
            return true;
        }
    }
}
