package dev.attache.proxy.network.http.request;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Upgrades and CONNECT in Envoy's internal form. Pure. */
public final class Upgrades {

    private Upgrades() {}

    /** {@code connection} names upgrade and there is an {@code upgrade}. */
    public static boolean isUpgrade(Headers headers) {
        if (!headers.contains(HeaderName.UPGRADE)) {
            return false;
        }
        String connection = headers.getJoined(HeaderName.CONNECTION);
        if (connection == null) {
            return false;
        }
        for (String token : connection.split(",", -1)) {
            if (token.strip().equalsIgnoreCase("upgrade")) {
                return true;
            }
        }
        return false;
    }

    public static boolean isConnect(Headers request) {
        int i = request.indexOf(HeaderName.METHOD);
        return i >= 0 && request.valueEqualsIgnoreCase(i, "CONNECT");
    }

    /** The lower-case upgrade type, {@code connect} for CONNECT, or null. */
    public static @Nullable String type(Headers request) {
        if (isUpgrade(request)) {
            return request.getOr(HeaderName.UPGRADE, "").toLowerCase(Locale.ROOT);
        }
        return isConnect(request) ? "connect" : null;
    }
}
