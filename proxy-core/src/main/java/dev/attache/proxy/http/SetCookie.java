package dev.attache.proxy.http;

import java.util.List;

/** Values of {@code set-cookie} as Envoy writes them. Pure. */
public final class SetCookie {
    private SetCookie() {}

    /**
     * A cookie that scripts do not see.
     *
     * @param maxAgeSeconds 0 = as long as the client likes
     * @param path empty = none
     * @param attributes further ones, as they stand
     */
    public static String of(
            String name, String value, long maxAgeSeconds, String path, List<String> attributes) {
        StringBuilder text = new StringBuilder(name).append("=\"").append(value).append('"');
        if (maxAgeSeconds > 0) {
            text.append("; Max-Age=").append(maxAgeSeconds);
        }
        if (!path.isEmpty()) {
            text.append("; Path=").append(path);
        }
        for (String attribute : attributes) {
            text.append("; ").append(attribute);
        }
        return text.append("; HttpOnly").toString();
    }
}
