package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.pipeline.LocalReply;

/**
 * Requests that ask for another protocol behind them, CONNECT and upgrades: until the upstream
 * agrees it gets nothing but the head, for it would read more as the next request. Pure.
 */
final class ProtocolSwitch {

    private static final int SWITCHING_PROTOCOLS = 101;

    private ProtocolSwitch() {}

    static boolean asks(Headers request) {
        return isConnect(request)
                || request.contains(HeaderName.UPGRADE) && request.contains(HeaderName.CONNECTION);
    }

    private static boolean isConnect(Headers request) {
        int method = request.indexOf(HeaderName.METHOD);
        return method >= 0 && request.valueEqualsIgnoreCase(method, "CONNECT");
    }

    /** Over HTTP/2 any answer lets the rest go, for streams end by themselves. */
    static boolean happened(Headers request, Headers response, HttpStream upstream) {
        int status = (int) response.getLong(HeaderName.STATUS);
        return status == SWITCHING_PROTOCOLS
                || isConnect(request) && status >= 200 && status < 300
                || upstream.connection().protocol().multiplexed();
    }

    /** As in Envoy, a failed WebSocket handshake with a status that is no error has no body. */
    static boolean refused(Headers request, Headers response, HttpStream upstream) {
        int status = (int) response.getLong(HeaderName.STATUS);
        return status != SWITCHING_PROTOCOLS
                && status < 400
                && !upstream.connection().protocol().multiplexed()
                && request.getOr(HeaderName.UPGRADE, "").equalsIgnoreCase("websocket");
    }

    static LocalReply refusal(Headers response) {
        int status = (int) response.getLong(HeaderName.STATUS);
        LocalReply reply = LocalReply.of(status, "", "websocket_handshake_unsuccessful");
        for (int i = 0; i < response.size(); i++) {
            HeaderName name = HeaderName.of(response.name(i));
            if (!name.equals(HeaderName.STATUS) && !name.equals(HeaderName.CONTENT_LENGTH)) {
                reply = reply.with(name, response.value(i));
            }
        }
        return reply;
    }
}
