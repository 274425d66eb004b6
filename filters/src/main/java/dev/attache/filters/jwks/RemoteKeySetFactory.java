package dev.attache.filters.jwks;

import dev.attache.config.call.CallRetries;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwksAsyncFetch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code RemoteJwks} to {@link RemoteKeySet}. */
public final class RemoteKeySetFactory {

    private static final long CACHE_MILLIS = 600_000;
    private static final long FAILED_MILLIS = 1000;
    private static final String RETRY_ON = "5xx,gateway-error,connect-failure,reset";

    private RemoteKeySetFactory() {}

    /**
     * Null with the errors reported.
     *
     * @param invalidUri what to say of a URI that is none
     */
    public static @Nullable RemoteKeySet compile(
            RemoteJwks proto, String invalidUri, CompileContext context) {
        int before = context.diagnostics().errorCount();
        HttpUri http = proto.getHttpUri();
        CompileContext at = context.at("http_uri");
        String uri = http.getUri();
        int authority = uri.indexOf("://") + 3;
        boolean absolute =
                authority > 3 && uri.length() > authority && uri.charAt(authority) != '/';
        if (!absolute) {
            at.at("uri").error(invalidUri);
            return null;
        }
        int path = pathStart(uri, authority);
        long cache =
                Durations.millis(
                        proto.hasCacheDuration(),
                        proto.getCacheDuration(),
                        CACHE_MILLIS,
                        context.at("cache_duration"));
        RemoteKeySet set =
                new RemoteKeySet(
                        uri,
                        http.getCluster(),
                        uri.substring(0, authority - 3).toLowerCase(Locale.ROOT),
                        Octets.of(uri.substring(authority, path)),
                        Octets.of(path(uri.substring(path))),
                        Durations.millis(http.getTimeout(), at.at("timeout")),
                        proto.hasRetryPolicy()
                                ? CallRetries.compile(
                                        proto.getRetryPolicy(),
                                        RETRY_ON,
                                        context.at("retry_policy"))
                                : null,
                        cache / 1000 * 1000,
                        proto.hasAsyncFetch()
                                ? refresh(proto.getAsyncFetch(), context.at("async_fetch"))
                                : null);
        return context.diagnostics().errorCount() > before ? null : set;
    }

    private static int pathStart(String uri, int authority) {
        for (int i = authority; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return uri.length();
    }

    /** A request has a path, and no fragment. */
    private static String path(String rest) {
        int fragment = rest.indexOf('#');
        String path = fragment < 0 ? rest : rest.substring(0, fragment);
        return path.startsWith("/") ? path : "/" + path;
    }

    private static RemoteKeySet.Refresh refresh(JwksAsyncFetch proto, CompileContext context) {
        return new RemoteKeySet.Refresh(
                proto.getFastListener(),
                Durations.millis(
                        proto.hasFailedRefetchDuration(),
                        proto.getFailedRefetchDuration(),
                        FAILED_MILLIS,
                        context.at("failed_refetch_duration")));
    }
}
