package dev.attache.filters.jwt;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who a token may be meant for. As in Envoy the scheme {@code http} or {@code https} and a slash at
 * the end make no difference. Immutable.
 */
public final class Audiences {

    private final Set<String> allowed = new HashSet<>();

    /**
     * @param allowed none: every token is for us
     */
    public Audiences(Collection<String> allowed) {
        for (String audience : allowed) {
            this.allowed.add(bare(audience));
        }
    }

    public boolean allow(List<String> audiences) {
        if (allowed.isEmpty()) {
            return true;
        }
        for (int i = 0; i < audiences.size(); i++) {
            if (allowed.contains(bare(audiences.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private static String bare(String audience) {
        int begin = audience.startsWith("http://") ? 7 : audience.startsWith("https://") ? 8 : 0;
        int end = audience.endsWith("/") ? audience.length() - 1 : audience.length();
        return begin == 0 && end == audience.length()
                ? audience
                : audience.substring(Math.min(begin, end), end);
    }
}
