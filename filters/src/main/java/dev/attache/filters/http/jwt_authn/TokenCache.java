package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.Jwt;
import dev.attache.filters.jwt.JwtStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Verified tokens of one provider on one worker, those used last the longest. Loop-confined. */
final class TokenCache {

    /** Clocks may differ by so much for a token to stay, whatever its provider says. */
    private static final long SKEW_SECONDS = 60;

    /**
     * {@code jwt_cache_config}.
     *
     * @param tokens how many; 0 = none are kept
     * @param length of the longest that is kept
     */
    record Size(int tokens, long length) {
        static final Size NONE = new Size(0, 0);
    }

    private final Size size;
    private final Map<String, Jwt> tokens;

    TokenCache(Size size) {
        this.size = size;
        this.tokens =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Jwt> eldest) {
                        return size() > TokenCache.this.size.tokens();
                    }
                };
    }

    /** The token if it was verified before and has not ended since, or null. */
    @Nullable Jwt get(String token, long nowSeconds) {
        if (size.tokens() == 0) {
            return null;
        }
        Jwt known = tokens.get(token);
        if (known != null && known.checkTime(nowSeconds, SKEW_SECONDS) == JwtStatus.EXPIRED) {
            tokens.remove(token);
            return null;
        }
        return known;
    }

    /** Keeps a token that was verified. */
    void put(String token, Jwt jwt) {
        if (size.tokens() > 0 && token.length() <= size.length()) {
            tokens.put(token, jwt);
        }
    }
}
