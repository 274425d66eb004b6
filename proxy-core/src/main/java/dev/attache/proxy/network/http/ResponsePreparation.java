package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Identity;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ServerHeader;
import dev.attache.proxy.network.http.request.Upgrades;

/**
 * What the connection manager does to response headers on their way out, in Envoy's order ({@code
 * ConnectionManagerUtility::mutateResponseHeaders} and {@code ActiveStream::encodeHeaders}). Pure.
 */
final class ResponsePreparation {

    private ResponsePreparation() {}

    static void apply(
            HttpConnectionManagerSpec spec, DateHeader date, Headers request, Headers response) {
        if (!response.contains(HeaderName.DATE)) {
            response.add(HeaderName.DATE, date.at(System.currentTimeMillis()));
        }
        server(spec.identity(), response);
        boolean upgrade = Upgrades.isUpgrade(request) && Upgrades.isUpgrade(response);
        if (!upgrade) {
            response.remove(HeaderName.CONNECTION);
            response.remove(HeaderName.UPGRADE);
        }
        response.remove(HeaderName.TRANSFER_ENCODING);
        response.remove(HeaderName.KEEP_ALIVE);
        response.remove(HeaderName.PROXY_CONNECTION);
        if (spec.requestIds().alwaysSetInResponse()
                || request.contains(HeaderName.X_ENVOY_FORCE_TRACE)) {
            String id = request.get(HeaderName.X_REQUEST_ID);
            if (id != null) {
                response.set(HeaderName.X_REQUEST_ID, id);
            }
        }
        if (!spec.identity().via().isEmpty()) {
            response.appendJoined(HeaderName.VIA, spec.identity().via(), ", ");
        }
    }

    private static void server(Identity identity, Headers response) {
        if (identity.serverHeader() == ServerHeader.OVERWRITE) {
            response.set(HeaderName.SERVER, identity.serverName());
        } else if (identity.serverHeader() == ServerHeader.APPEND_IF_ABSENT) {
            response.setIfAbsent(HeaderName.SERVER, identity.serverName());
        }
    }

    /**
     * Whether a 1xx head may reach the client. Only the first one does, as with Envoy, so that an
     * upstream cannot keep a client busy with them.
     */
    static boolean isProxiedInterim(Headers informational) {
        long status = informational.getLong(HeaderName.STATUS);
        return status == 100 || (status >= 102 && status <= 104);
    }
}
