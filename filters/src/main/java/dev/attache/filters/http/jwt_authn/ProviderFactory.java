package dev.attache.filters.http.jwt_authn;

import dev.attache.api.Overlay;
import dev.attache.config.core.DataSources;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.matching.StringMatchers;
import dev.attache.filters.jwks.FetchCounts;
import dev.attache.filters.jwks.KeyRefresh;
import dev.attache.filters.jwks.RemoteKeySet;
import dev.attache.filters.jwks.RemoteKeySetFactory;
import dev.attache.filters.jwks.SharedKeys;
import dev.attache.filters.jwt.Audiences;
import dev.attache.filters.jwt.Jwks;
import dev.attache.filters.jwt.JwtException;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.StringMatcher;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtCacheConfig;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code JwtProvider} to {@link Provider}. */
final class ProviderFactory {

    private static final int CACHED_TOKENS = 100;
    private static final int CACHED_LENGTH = 4096;
    private static final long CLOCK_SKEW_SECONDS = 60;

    private ProviderFactory() {}

    /** Null with the errors reported. */
    static @Nullable Provider compile(
            String name, JwtProvider proto, int index, CompileContext context) {
        int before = context.diagnostics().errorCount();
        StringMatcher subjects =
                proto.hasSubjects()
                        ? StringMatchers.compile(proto.getSubjects(), context.at("subjects"))
                        : null;
        KeySource keys = keys(name, proto, context);
        Provider provider =
                new Provider(
                        index,
                        proto.getIssuer(),
                        new Audiences(proto.getAudiencesList()),
                        subjects,
                        lifetime(proto, context.at("max_lifetime")),
                        proto.getClockSkewSeconds() == 0
                                ? CLOCK_SKEW_SECONDS
                                : Integer.toUnsignedLong(proto.getClockSkewSeconds()),
                        keys == null ? new KeySource.Local(null) : keys,
                        proto.getForward(),
                        places(proto),
                        forwarded(name, proto, context),
                        metadata(proto),
                        proto.getClearRouteCache(),
                        cache(proto));
        return context.diagnostics().errorCount() > before ? null : provider;
    }

    private static @Nullable KeySource keys(
            String name, JwtProvider proto, CompileContext context) {
        return switch (proto.getJwksSourceSpecifierCase()) {
            case LOCAL_JWKS -> local(name, proto, context);
            case REMOTE_JWKS -> remote(name, proto, context.at("remote_jwks"));
            case JWKSSOURCESPECIFIER_NOT_SET -> null; // refused as a constraint
        };
    }

    private static @Nullable KeySource local(
            String name, JwtProvider proto, CompileContext context) {
        byte[] json = DataSources.bytes(proto.getLocalJwks(), context.at("local_jwks"));
        if (json == null || json.length == 0) {
            return new KeySource.Local(null);
        }
        try {
            return new KeySource.Local(Jwks.parse(json));
        } catch (JwtException e) {
            context.at("local_jwks")
                    .error(
                            "Provider '"
                                    + name
                                    + "' in jwt_authn config has invalid local jwks: "
                                    + e.getMessage());
            return null;
        }
    }

    private static @Nullable KeySource remote(
            String name, JwtProvider proto, CompileContext context) {
        String uri = proto.getRemoteJwks().getHttpUri().getUri();
        RemoteKeySet set =
                RemoteKeySetFactory.compile(
                        proto.getRemoteJwks(),
                        "Provider '" + name + "' has an invalid URI: '" + uri + "'",
                        context);
        if (set == null) {
            return null;
        }
        SharedSlot<SharedKeys> slot =
                context.settings().shared().slot(SharedKeys.class, set, SharedKeys::new);
        FetchCounts counts = new FetchCounts();
        RemoteKeySet.Refresh refresh = set.refresh();
        if (refresh != null) {
            context.attachments().prepares(new KeyRefresh(set, refresh, slot, counts));
        }
        return new KeySource.Remote(set, slot, counts);
    }

    private static long lifetime(JwtProvider proto, CompileContext context) {
        if (proto.hasMaxLifetime()) {
            return Durations.millis(proto.getMaxLifetime(), context);
        }
        return proto.getRequireExpiration() ? Provider.ANY_LIFETIME : Provider.NO_END_NEEDED;
    }

    private static Provider.Places places(JwtProvider proto) {
        List<Provider.HeaderPlace> headers = new ArrayList<>();
        for (JwtHeader header : proto.getFromHeadersList()) {
            headers.add(
                    new Provider.HeaderPlace(
                            HeaderName.of(header.getName()), Octets.of(header.getValuePrefix())));
        }
        List<String> params = octets(proto.getFromParamsList());
        List<String> cookies = octets(proto.getFromCookiesList());
        if (headers.isEmpty() && params.isEmpty() && cookies.isEmpty()) {
            return new Provider.Places(
                    List.of(new Provider.HeaderPlace(HeaderName.AUTHORIZATION, "Bearer ")),
                    List.of("access_token"),
                    List.of());
        }
        return new Provider.Places(List.copyOf(headers), params, cookies);
    }

    private static List<String> octets(List<String> texts) {
        List<String> octets = new ArrayList<>(texts.size());
        for (String text : texts) {
            octets.add(Octets.of(text));
        }
        return List.copyOf(octets);
    }

    private static Provider.Forwarded forwarded(
            String name, JwtProvider proto, CompileContext context) {
        List<Provider.ClaimHeader> claims = new ArrayList<>();
        for (int i = 0; i < proto.getClaimToHeadersCount(); i++) {
            JwtClaimToHeader claim = proto.getClaimToHeaders(i);
            claims.add(
                    new Provider.ClaimHeader(
                            HeaderName.of(claim.getHeaderName()),
                            path(name, claim, context.at("claim_to_headers", i))));
        }
        String header = proto.getForwardPayloadHeader();
        return new Provider.Forwarded(
                header.isEmpty() ? null : HeaderName.of(header),
                proto.getPadForwardPayloadHeader(),
                List.copyOf(claims));
    }

    /** {@code claim_path}, or {@code claim_name} cut at its dots. */
    private static List<String> path(
            String provider, JwtClaimToHeader claim, CompileContext context) {
        List<Overlay> segments = Overlay.of(claim).overlays("claim_path");
        if (segments.isEmpty() == claim.getClaimName().isEmpty()) {
            context.error(
                    "Provider '"
                            + provider
                            + "' has a claim_to_headers entry for header '"
                            + claim.getHeaderName()
                            + "' which does not set exactly one of claim_name and claim_path");
        }
        if (segments.isEmpty()) {
            return List.of(claim.getClaimName().split("\\.", -1));
        }
        List<String> path = new ArrayList<>(segments.size());
        for (Overlay segment : segments) {
            path.add(segment.text("key"));
        }
        return List.copyOf(path);
    }

    private static Provider.InMetadata metadata(JwtProvider proto) {
        return new Provider.InMetadata(
                proto.getPayloadInMetadata(),
                proto.getHeaderInMetadata(),
                proto.getFailedStatusInMetadata(),
                List.copyOf(proto.getNormalizePayloadInMetadata().getSpaceDelimitedClaimsList()));
    }

    private static TokenCache.Size cache(JwtProvider proto) {
        if (!proto.hasJwtCacheConfig()) {
            return TokenCache.Size.NONE;
        }
        JwtCacheConfig config = proto.getJwtCacheConfig();
        int tokens = config.getJwtCacheSize();
        long length = Integer.toUnsignedLong(config.getJwtMaxTokenSize());
        return new TokenCache.Size(
                tokens == 0 ? CACHED_TOKENS : tokens < 0 ? Integer.MAX_VALUE : tokens,
                length == 0 ? CACHED_LENGTH : length);
    }
}
