package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwks.KeyFetch;
import dev.attache.filters.jwt.Audiences;
import dev.attache.filters.jwt.Jwks;
import dev.attache.filters.jwt.Jwt;
import dev.attache.filters.jwt.JwtException;
import dev.attache.filters.jwt.JwtStatus;
import dev.attache.proxy.http.HeaderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a request, one after another from the last place to the first. Unless something may
 * be missing or wrong, each has to be good: an upstream may look at another one than we did.
 */
final class TokenCheck extends Check {

    private final TokenPlaces places;
    private final @Nullable Provider provider;
    private final @Nullable Audiences audiences;
    private final boolean allowMissing;
    private final boolean allowFailed;
    private final @Nullable HeaderName statusHeader;
    private List<TokenPlaces.Token> tokens = List.of();
    private int left;

    /** Whose token the last one was that somebody was found for. */
    private @Nullable ProviderState issuer;

    TokenCheck(Requirement.OfProvider one, Verification run, @Nullable GroupCheck group) {
        super(run, group);
        this.places = one.places();
        this.provider = one.provider();
        this.audiences = one.audiences();
        this.allowMissing = false;
        this.allowFailed = false;
        this.statusHeader = null;
    }

    TokenCheck(Requirement.OfAny any, Verification run, @Nullable GroupCheck group) {
        super(run, group);
        this.places = any.places();
        this.provider = null;
        this.audiences = null;
        this.allowMissing = true;
        this.allowFailed = any.leniency().failed();
        this.statusHeader = any.leniency().status();
    }

    @Override
    void start() {
        tokens = places.find(run().request());
        left = tokens.size();
        if (left == 0) {
            noteFailure(JwtStatus.MISSED);
            conclude(JwtStatus.MISSED);
            return;
        }
        goOn();
    }

    /** Looks at the tokens that are left, until one has to wait. */
    private void goOn() {
        boolean more = true;
        while (more) {
            JwtStatus status = look(tokens.get(--left));
            if (status == null) {
                return;
            }
            more = take(status);
        }
    }

    /** What comes of a token; true: another one is to be looked at. */
    private boolean take(JwtStatus status) {
        if (status != JwtStatus.OK) {
            noteFailure(status);
        }
        if (left > 0 && (status == JwtStatus.OK || allowMissing)) {
            return true;
        }
        left = 0;
        conclude(status);
        return false;
    }

    private void conclude(JwtStatus status) {
        boolean wrong = status != JwtStatus.OK && status != JwtStatus.MISSED;
        if (wrong && statusHeader != null) {
            run().request().set(statusHeader, "false");
        }
        boolean passes = allowFailed || allowMissing && status == JwtStatus.MISSED;
        decide(passes ? JwtStatus.OK : status);
    }

    private void noteFailure(JwtStatus status) {
        Provider concerned = issuer == null ? run().opened().only() : issuer.provider();
        if (concerned != null) {
            run().noteFailure(concerned, status);
        }
    }

    /** The verdict about one token, or null where it has to wait for keys. */
    private @Nullable JwtStatus look(TokenPlaces.Token found) {
        OpenedJwtAuthn opened = run().opened();
        long now = run().nowMillis();
        Jwt known = null;
        if (provider != null) {
            issuer = opened.of(provider);
            known = issuer.tokens().get(found.text(), now / 1000);
            (known == null ? opened.stats().jwtCacheMiss() : opened.stats().jwtCacheHit()).inc();
        }
        Jwt read;
        try {
            read = known == null ? Jwt.parse(found.text()) : known;
        } catch (JwtException e) {
            return e.status();
        }
        if (!found.issuers().allow(read.issuer())) {
            return JwtStatus.UNKNOWN_ISSUER;
        }
        ProviderState from = provider == null ? opened.byIssuer(read.issuer()) : issuer;
        issuer = from;
        if (from == null) {
            return JwtStatus.UNKNOWN_ISSUER;
        }
        JwtStatus claims = claims(from.provider(), read, now);
        if (claims != JwtStatus.OK) {
            return claims;
        }
        if (known != null) {
            run().accept(from.provider(), found, known);
            return JwtStatus.OK;
        }
        return verify(from, found, read);
    }

    private JwtStatus claims(Provider from, Jwt read, long nowMillis) {
        JwtStatus time = read.checkTime(nowMillis / 1000, from.clockSkewSeconds());
        if (time != JwtStatus.OK) {
            return time;
        }
        Audiences allowed = audiences == null ? from.audiences() : audiences;
        if (!allowed.allow(read.audiences())) {
            return JwtStatus.AUDIENCE_NOT_ALLOWED;
        }
        return from.allowsSubject(read) && from.allowsLifetime(read, nowMillis)
                ? JwtStatus.OK
                : JwtStatus.VERIFICATION_FAIL;
    }

    private @Nullable JwtStatus verify(ProviderState from, TokenPlaces.Token found, Jwt read) {
        Jwks keys = from.keys();
        if (keys != null) {
            return verify(from, found, read, keys);
        }
        KeyFetch remote = from.remote();
        if (remote == null) {
            return JwtStatus.JWKS_NO_VALID_KEYS;
        }
        remote.fetch(fetched ->
                run().resumed(() -> {
                    JwtStatus status =
                            fetched == null
                                    ? JwtStatus.JWKS_FETCH_FAIL
                                    : verify(from, found, read, fetched);
                    if (take(status)) {
                        goOn();
                    }
                }));
        return null;
    }

    private JwtStatus verify(ProviderState from, TokenPlaces.Token found, Jwt read, Jwks keys) {
        JwtStatus status = keys.verify(read);
        if (status == JwtStatus.OK) {
            run().accept(from.provider(), found, read);
            if (provider != null) {
                from.tokens().put(found.text(), read);
            }
        }
        return status;
    }
}
