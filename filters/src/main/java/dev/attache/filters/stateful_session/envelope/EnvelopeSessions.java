package dev.attache.filters.stateful_session.envelope;

import dev.attache.filters.stateful_session.Session;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.filters.stateful_session.StrictBase64;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A header with two parts, the host's address and the upstream's own value, which is all that the
 * upstream sees. Immutable.
 */
record EnvelopeSessions(HeaderName name) implements SessionKind {
    private static final String OWN = "UV:";

    @Override
    public Session begin(Headers request, long nowSeconds) {
        return new InEnvelope(name, unpack(request));
    }

    private @Nullable String unpack(Headers request) {
        int at = request.indexOf(name);
        String address = null;
        String own = null;
        for (String part : at < 0 ? new String[0] : request.value(at).split(";", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (address == null) {
                address = StrictBase64.decodeOctets(part);
            } else if (own == null && part.startsWith(OWN)) {
                own = StrictBase64.decodeOctets(part.substring(OWN.length()));
            }
        }
        if (own == null || own.isEmpty()) {
            return null;
        }
        request.set(name, own);
        return address == null || address.isEmpty() ? null : address;
    }

    private record InEnvelope(HeaderName name, @Nullable String address) implements Session {
        @Override
        public boolean update(String host, Headers response) {
            int at = response.indexOf(name);
            if (at >= 0 && response.indexOf(name, at + 1) < 0) {
                String own = OWN + StrictBase64.encode(response.value(at));
                response.set(name, StrictBase64.encode(host) + ";" + own);
            }
            return !host.equals(address);
        }
    }
}
