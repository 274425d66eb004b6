package dev.attache.filters.jwt.remote;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.route.RetryPolicy;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwksAsyncFetch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code RemoteJwks} to {@link RemoteKeySet}. */
public final class RemoteKeySetFactory {

    private static final long CACHE_MILLIS = 600_000;
    private static final long FAILED_MILLIS = 1000;
    private static final long BACK_OFF_MILLIS = 1000;
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
                                ? retry(proto.getRetryPolicy(), context.at("retry_policy"))
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

    /** Of the policy of core only number and pauses are read; an attempt may last the longest. */
    private static RetryPolicy retry(
            io.envoyproxy.envoy.config.core.v3.RetryPolicy policy, CompileContext context) {
        BackoffStrategy backOff = policy.getRetryBackOff();
        CompileContext at = context.at("retry_back_off");
        long base =
                Durations.millis(
                        backOff.hasBaseInterval(),
                        backOff.getBaseInterval(),
                        BACK_OFF_MILLIS,
                        at.at("base_interval"));
        long max =
                Durations.millis(
                        backOff.hasMaxInterval(),
                        backOff.getMaxInterval(),
                        base * 10,
                        at.at("max_interval"));
        if (max < base) {
            at.at("max_interval")
                    .error("max_interval must be greater than or equal to the base_interval");
        }
        return new RetryPolicy(
                RetryPolicy.parseOn(RETRY_ON),
                policy.hasNumRetries() ? policy.getNumRetries().getValue() : 1,
                max,
                0,
                Set.of(),
                List.of(),
                List.of(),
                Math.max(1, base),
                Math.max(1, max),
                List.of(),
                RetryPolicy.NONE.rateLimitedMaxIntervalMillis(),
                Set.of(),
                1,
                false);
    }
}
